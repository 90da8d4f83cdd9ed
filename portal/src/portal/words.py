"""How the codes of the API are called: the states and kinds that a page shows to people."""

from collections.abc import Mapping

from portal.language import gettext


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


PLAN_STATES = {
    "draft": _("پیش‌نویس"),
    "open": _("باز است"),
    "published": _("به‌زودی"),
    "paused": _("فروش موقتاً متوقف است"),
    "closed": _("بسته شد"),
    "archived": _("بایگانی"),
}
PLAN_KINDS = {
    "immediate": _("فروش فوری"),
    "pre_sale": _("پیش‌فروش"),
    "participation": _("مشارکت در تولید"),
    "instalment": _("فروش اقساطی"),
    "power_of_attorney": _("وکالتی"),
}
PLAN_METHODS = {"first_come": _("به ترتیب ثبت"), "draw": _("با قرعه‌کشی")}
CLASSES = {
    "ordinary": _("عادی"),
    "family_youth": _("حمایت از خانواده و جوانی جمعیت"),
    "scrap_replacement": _("جایگزینی خودروی فرسوده"),
    "veterans": _("ایثارگران"),
}
ORDER_STATES = {
    "registered": _("در انتظار قرعه‌کشی"),
    "awaiting_payment": _("در انتظار پرداخت"),
    "paid": _("پرداخت رسید"),
    "contract_active": _("قرارداد فعال شد"),
    "settled": _("بهای پیش از تخصیص پرداخت شد"),
    "allocated": _("خودرو تخصیص یافت"),
    "invoiced": _("فاکتور صادر شد"),
    "plated": _("شماره‌گذاری شد"),
    "sent_to_dealer": _("به نمایندگی ارسال شد"),
    "ready": _("آماده‌ی تحویل"),
    "delivered": _("تحویل داده شد"),
    "invitation_expired": _("مهلت دعوت‌نامه گذشت"),
    "lapsed": _("مهلت پرداخت گذشت"),
    "cancelled": _("انصراف ثبت شد"),
    "voided": _("باطل شد"),
}
MILESTONES = {
    **ORDER_STATES,
    "registered": _("ثبت درخواست برای قرعه‌کشی"),
    "awaiting_payment": _("ثبت درخواست و نگه داشتن خودرو تا پایان مهلت پرداخت"),
    "ready": _("خودرو آماده‌ی تحویل شد"),
    "delay_penalty_credited": _("جریمه‌ی تأخیر در تحویل محاسبه شد"),
    "invited": _("دعوت‌نامه‌ی پرداخت صادر شد"),
    "reassigned": _("واگذاری مجدد به قیمت روز"),
    "refund_paid": _("مبلغ قابل بازگشت به شبای شما واریز شد"),
    "transferred": _("قرارداد صلح شد"),
    "colour_changed": _("رنگ خودرو تغییر کرد"),
    "dealership_changed": _("نمایندگی تحویل تغییر کرد"),
    "fully_paid": _("همه‌ی بهای خودرو پرداخت شد"),
    "repriced": _("بهای خودرو برابر قیمت روز شد"),
    "payment_reversed": _("پول پرداختی به کارت شما برگشت"),
    "payment_refunded": _("پول پرداختی به حساب شما برگشت"),
}
PURPOSES = {
    "deposit": _("ودیعه"),
    "prepayment": _("پیش‌پرداخت"),
    "principal": _("تسویه‌ی اصل"),
    "instalment": _("قسط"),
    "penalty": _("تسویه‌ی جریمه"),
    "fee": _("کارمزد"),
}
BILL_STATES = {"open": _("پرداخت‌نشده"), "paid": _("پرداخت‌شده"), "cancelled": _("باطل")}
PAYMENT_STATES = {
    "started": _("آغاز شده"),
    "at_bank": _("در درگاه بانک"),
    "unknown": _("در حال استعلام از بانک"),
    "verified": _("موفق"),
    "failed": _("ناموفق"),
    "conflicted": _("مغایر؛ برمی‌گردد"),
    "reversed": _("به کارت برگشت"),
    "refunded": _("به حساب برگشت"),
}
INSTALMENT_STATES = {
    "coming": _("نرسیده"),
    "billed": _("قبض صادر شده"),
    "late": _("دیر شده"),
    "paid": _("پرداخت‌شده"),
    "covered": _("با پرداخت یک‌جا پوشش یافته"),
    "void": _("باطل"),
}
REFUND_STATES = {
    "awaiting_account": _("در انتظار تأیید شبا"),
    "ready": _("در نوبت پرداخت"),
    "proposed": _("در حال تأیید پرداخت"),
    "approved": _("به بانک فرستاده شد"),
    "paid": _("واریز شد"),
}
TRANSFER_STATES = {
    "proposed": _("پیشنهاد شده"),
    "accepted": _("پذیرفته شده، در انتظار تأیید شرکت"),
    "completed": _("انجام شد"),
    "declined": _("نپذیرفت"),
    "refused": _("شرکت نپذیرفت"),
    "withdrawn": _("پس گرفته شد"),
    "expired": _("مهلتش گذشت"),
}
DRAW_STATES = {
    "registering": _("ثبت‌نام باز است"),
    "closed": _("ثبت‌نام پایان یافت"),
    "freezing": _("فهرست در حال بسته شدن است"),
    "frozen": _("فهرست بسته و منتشر شد"),
    "seeded": _("در حال انجام"),
    "drawn": _("انجام شد"),
    "aborted": _("کنار گذاشته شد و تکرار می‌شود"),
}
OUTCOMES = {"selected": _("برگزیده"), "reserve": _("در فهرست ذخیره"), "not_selected": _("برگزیده نشد")}
SECTIONS = {"sales": _("فروش"), "after_sales": _("خدمات پس از فروش"), "dealership": _("نمایندگی")}
COMPLAINT_STATES = {
    "open": _("در دست بررسی"),
    "answered": _("پاسخ داده شد"),
    "awaiting_customer": _("در انتظار پاسخ شما"),
    "at_province": _("در اداره‌ی صمت استان"),
    "at_board": _("در هیئت حل اختلاف"),
    "decided": _("هیئت رأی داد"),
    "resolved": _("پایان یافت"),
}
DAYS = {
    "saturday": _("شنبه"),
    "sunday": _("یکشنبه"),
    "monday": _("دوشنبه"),
    "tuesday": _("سه‌شنبه"),
    "wednesday": _("چهارشنبه"),
    "thursday": _("پنجشنبه"),
    "friday": _("جمعه"),
}
UNTIL = {
    "payment": _("تا پیش از پرداخت"),
    "settlement": _("تا پیش از تسویه"),
    "allocation": _("تا پیش از تخصیص خودرو"),
}
NAMES_OF_PROVINCES = (
    _("مرکزی"),
    _("گیلان"),
    _("مازندران"),
    _("آذربایجان شرقی"),
    _("آذربایجان غربی"),
    _("کرمانشاه"),
    _("خوزستان"),
    _("فارس"),
    _("کرمان"),
    _("خراسان رضوی"),
    _("اصفهان"),
    _("سیستان و بلوچستان"),
    _("کردستان"),
    _("همدان"),
    _("چهارمحال و بختیاری"),
    _("لرستان"),
    _("ایلام"),
    _("کهگیلویه و بویراحمد"),
    _("بوشهر"),
    _("زنجان"),
    _("سمنان"),
    _("یزد"),
    _("هرمزگان"),
    _("تهران"),
    _("اردبیل"),
    _("قم"),
    _("قزوین"),
    _("گلستان"),
    _("خراسان شمالی"),
    _("خراسان جنوبی"),
    _("البرز"),
)
PRICE_POLICIES = {"fixed": _("قطعی"), "day_price": _("قیمت روز، هنگام صدور فاکتور")}
PLAN_PERIODS = {
    "invitation_days": _("پرداخت دعوت‌نامه، روز کاری"),
    "settlement_days": _("تسویه، روز کاری"),
    "refund_days": _("بازگشت پول، روز کاری"),
    "expiry_months": _("انصراف پس از گذشتن دعوت‌نامه، ماه"),
    "transfer_days": _("پذیرش صلح، روز"),
}
PENALTY_KINDS = {
    "immediate": _("فروش فوری"),
    "definite_pre_sale": _("پیش‌فروش قطعی"),
    "ordinary_pre_sale": _("پیش‌فروش عادی"),
    "participation": _("مشارکت در تولید"),
    "custom_limited": _("سفارشی محدود"),
}
PAYMENT_PROVIDERS = {
    "zarinpal": _("زرین‌پال"),
    "zibal": _("زیبال"),
    "sep": _("پرداخت الکترونیک سامان"),
    "mellat": _("به‌پرداخت ملت"),
    "sadad": _("سداد بانک ملی"),
}
SMS_PROVIDERS = {
    "kavenegar": _("کاوه‌نگار"),
    "smsir": _("اس‌ام‌اس دات آی‌آر"),
    "ghasedak": _("قاصدک"),
    "melipayamak": _("ملی‌پیامک"),
    "ippanel": _("آی‌پی‌پنل"),
}
ACCOUNTS = {
    "buyer": _("نزد ما برای قبض‌ها"),
    "unapplied": _("در راه برگشت به پرداخت‌کننده"),
    "refunds": _("بدهکار به شبای خریدار"),
    "profit": _("سود انصراف و جریمه"),
    "deductions": _("کسر انصراف"),
    "bank": _("حساب بانکی ما"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "plan_state": PLAN_STATES,
    "plan_kind": PLAN_KINDS,
    "plan_method": PLAN_METHODS,
    "class": CLASSES,
    "order_state": ORDER_STATES,
    "milestone": MILESTONES,
    "purpose": PURPOSES,
    "bill_state": BILL_STATES,
    "payment_state": PAYMENT_STATES,
    "instalment_state": INSTALMENT_STATES,
    "refund_state": REFUND_STATES,
    "transfer_state": TRANSFER_STATES,
    "draw_state": DRAW_STATES,
    "outcome": OUTCOMES,
    "section": SECTIONS,
    "complaint_state": COMPLAINT_STATES,
    "weekday": DAYS,
    "until": UNTIL,
    "penalty_kind": PENALTY_KINDS,
    "institution": PAYMENT_PROVIDERS | SMS_PROVIDERS | {"bank": _("شعبه یا دستگاه بانک")},
    "account": ACCOUNTS,
    "province": {name: name for name in NAMES_OF_PROVINCES},
    "price_policy": PRICE_POLICIES,
    "plan_period": PLAN_PERIODS,
}


def word(code: str, table: str) -> str:
    """``code`` as people call it; as it is when the API has learnt a new one."""
    return gettext(TABLES[table].get(code, code))


def choices(table: str) -> list[tuple[str, str]]:
    """All of a table, for a field to choose from."""
    return [(code, gettext(text)) for code, text in TABLES[table].items()]
