"""What the staff call each message; the API knows it by its name."""

from portal.language import gettext


def names() -> dict[str, str]:
    return {**_of_accounts(), **_of_orders(), **_of_money(), **_of_complaints(), **_of_draws()}


def _of_accounts() -> dict[str, str]:
    return {
        "registration_code": gettext("رمز ثبت‌نام"),
        "login_code": gettext("رمز ورود"),
        "second_factor_code": gettext("رمز دوم ورود"),
        "password_reset_code": gettext("رمز بازیابی گذرواژه"),
        "mobile_change_code": gettext("رمز تغییر شماره‌ی همراه"),
        "staff_invitation": gettext("دعوت همکار"),
        "staff_invitation_code": gettext("رمز دعوت همکار"),
        "welcome": gettext("خوشامد"),
        "registration_repeated": gettext("ثبت‌نام دوباره"),
        "change_approved": gettext("تغییر حساب پذیرفته شد"),
        "change_refused": gettext("تغییر حساب پذیرفته نشد"),
        "mobile_changed": gettext("شماره‌ی همراه تغییر کرد"),
        "inquiry_failed": gettext("استعلام نخواند"),
        "password_changed": gettext("گذرواژه تغییر کرد"),
        "device_added": gettext("ورود از دستگاه تازه"),
        "authenticator_changed": gettext("برنامه‌ی رمزساز تغییر کرد"),
        "session_stolen": gettext("نشستی که شاید دزدیده شد"),
        "staff_changed": gettext("نقش یا نمایندگی همکار تغییر کرد"),
        "account_disabled": gettext("حساب بسته شد"),
        "account_enabled": gettext("حساب باز شد"),
    }


def _of_orders() -> dict[str, str]:
    return {
        "order_placed": gettext("درخواست ثبت شد"),
        "order_lapsed": gettext("مهلت پرداخت درخواست گذشت"),
        "contract_activated": gettext("قرارداد فعال شد"),
        "order_settled": gettext("بها تسویه شد"),
        "order_cancelled": gettext("انصراف ثبت شد"),
        "order_voided": gettext("سفارش باطل شد"),
        "order_not_eligible": gettext("سفارش باطل شد"),
        "transfer_proposed": gettext("صلح قرارداد پیشنهاد شد"),
        "transfer_decided": gettext("تصمیم درباره‌ی صلح"),
        "order_transferred": gettext("قرارداد صلح شد"),
        "car_allocated": gettext("خودرو تخصیص یافت"),
        "car_invoiced": gettext("فاکتور خودرو صادر شد"),
        "car_plated": gettext("خودرو شماره‌گذاری شد"),
        "car_sent_to_dealer": gettext("خودرو به نمایندگی رفت"),
        "car_ready": gettext("خودرو آماده‌ی تحویل است"),
        "car_delivered": gettext("خودرو تحویل شد"),
        "delay_penalty_credited": gettext("جریمه‌ی تأخیر محاسبه شد"),
    }


def _of_money() -> dict[str, str]:
    return {
        "bill_issued": gettext("قبض صادر شد"),
        "bill_paid": gettext("قبض پرداخت شد"),
        "bill_part_paid": gettext("بخشی از قبض پرداخت شد"),
        "bill_due": gettext("سررسید قبض نزدیک است"),
        "bill_overdue": gettext("سررسید قبض گذشت"),
        "refund_paid": gettext("بازگشت وجه پرداخت شد"),
        "payment_returned": gettext("پرداخت برگشت خورد"),
    }


def _of_complaints() -> dict[str, str]:
    return {
        "complaint_filed": gettext("شکایت ثبت شد"),
        "complaint_answered": gettext("شکایت پاسخ گرفت"),
        "complaint_escalated": gettext("شکایت به اداره یا هیئت رفت"),
        "complaint_resolved": gettext("شکایت پایان یافت"),
        "complaint_warned": gettext("هشدار مهلت شکایت"),
    }


def _of_draws() -> dict[str, str]:
    return {
        "invitation_issued": gettext("دعوت‌نامه‌ی پرداخت"),
        "invitation_postponed": gettext("مهلت دعوت‌نامه عقب افتاد"),
        "invitation_expired": gettext("مهلت دعوت‌نامه گذشت"),
        "draw_selected": gettext("برگزیده‌ی قرعه‌کشی"),
        "draw_reserve": gettext("ذخیره‌ی قرعه‌کشی"),
        "draw_not_selected": gettext("برگزیده نشدن در قرعه‌کشی"),
        "notice": gettext("آگهی انبوه"),
    }
