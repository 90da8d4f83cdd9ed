"""How the services' trails are told: actions by their names in words, and what is known of their details."""

from collections.abc import Mapping

from portal.language import gettext
from portal.pages.account.words import fields, roles
from portal.pages.desk.purposes import purposes


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


READ = {"audit.read": _("نگاه به دفتر رویدادها")}
IDENTITY = {
    "identity.change.approved": _("پذیرفتن تغییر حساب"),
    "identity.change.refused": _("نپذیرفتن تغییر حساب"),
    "identity.change.viewed": _("دیدن درخواست تغییر حساب"),
    "identity.change.withdrawn": _("پس گرفتن درخواست تغییر حساب"),
    "identity.customer.disabled": _("بستن حساب"),
    "identity.customer.disclosed": _("دیدن داده‌های پوشیده‌ی حساب"),
    "identity.customer.edited": _("ویرایش داده‌های حساب"),
    "identity.customer.enabled": _("باز کردن حساب"),
    "identity.customer.searched": _("یافتن حساب در جست‌وجو"),
    "identity.customer.viewed": _("دیدن حساب"),
    "identity.field_policy.decided": _("تصمیم درباره‌ی خانه‌ای از حساب"),
    "identity.inquiry_run.cancelled": _("لغو استعلام دوباره"),
    "identity.inquiry_run.paused": _("توقف استعلام دوباره"),
    "identity.inquiry_run.running": _("ادامه‌ی استعلام دوباره"),
    "identity.inquiry_run.started": _("آغاز استعلام دوباره"),
    "identity.mobile.changed": _("تغییر شماره‌ی همراه"),
    "identity.password.changed": _("تغییر گذرواژه"),
    "identity.staff.invitation_confirmed": _("تأیید دعوت همکار"),
    "identity.staff.invitation_withdrawn": _("پس گرفتن دعوت همکار"),
    "identity.staff.invited": _("دعوت همکار"),
    "identity.staff.joined": _("پیوستن همکار"),
    "identity.staff.listed": _("دیدن فهرست کارکنان"),
    "identity.staff.removed": _("برداشتن همکار"),
    "identity.staff.roles_changed": _("تغییر نقش‌های همکار"),
    "identity.staff.roles_decided": _("تصمیم درباره‌ی نقش‌های پیشنهادی"),
    "identity.staff.roles_proposed": _("پیشنهاد نقش برای همکار"),
    "identity.staff.viewed": _("دیدن صفحه‌ی همکار"),
}
SALES = {
    "sales.article.drafted": _("نوشتن اطلاعیه یا پرسش"),
    "sales.article.published": _("انتشار اطلاعیه یا پرسش"),
    "sales.article.rewritten": _("بازنویسی اطلاعیه یا پرسش"),
    "sales.article.withdrawn": _("برداشتن اطلاعیه یا پرسش"),
    "sales.calendar.decided": _("تصمیم درباره‌ی یک روز تقویم"),
    "sales.checks.seen": _("دیدن سنجش شرایط خریدار"),
    "sales.complaint.answered": _("پاسخ به شکایت"),
    "sales.complaint.attached": _("افزودن پیوست به شکایت"),
    "sales.complaint.attachment_viewed": _("دیدن پیوست شکایت"),
    "sales.complaint.decided": _("ثبت رأی شکایت"),
    "sales.complaint.escalated": _("فرستادن شکایت به بالاتر"),
    "sales.complaint.given_back": _("بازگرداندن شکایت به صف"),
    "sales.complaint.resolved": _("بستن شکایت"),
    "sales.complaint.taken": _("برداشتن شکایت از صف"),
    "sales.complaint.viewed": _("دیدن شکایت"),
    "sales.complaint_contact.put": _("تعیین کشیک شکایت‌ها"),
    "sales.complaint_contact.removed": _("برداشتن کشیک شکایت‌ها"),
    "sales.complaint_rules.decided": _("تعیین مهلت‌های شکایت"),
    "sales.complaint_topic.added": _("افزودن موضوع شکایت"),
    "sales.complaint_topic.changed": _("تغییر موضوع شکایت"),
    "sales.complaint_topic.restored": _("بازگرداندن موضوع شکایت"),
    "sales.complaint_topic.retired": _("کنار گذاشتن موضوع شکایت"),
    "sales.contract_template.written": _("نوشتن متن قرارداد"),
    "sales.dealership.activated": _("فعال کردن نمایندگی"),
    "sales.dealership.added": _("افزودن نمایندگی"),
    "sales.dealership.changed": _("تغییر نمایندگی"),
    "sales.dealership.deactivated": _("غیرفعال کردن نمایندگی"),
    "sales.dealerships.imported": _("ورود نمایندگی‌ها از پرونده"),
    "sales.deliveries.imported": _("ورود تخصیص و تحویل از پرونده"),
    "sales.delivery.allocated": _("ثبت تخصیص خودرو"),
    "sales.delivery.delivered": _("ثبت تحویل خودرو"),
    "sales.delivery.invoiced": _("ثبت صدور فاکتور"),
    "sales.delivery.plated": _("ثبت شماره‌گذاری"),
    "sales.delivery.ready": _("ثبت آماده بودن خودرو"),
    "sales.delivery.sent_to_dealer": _("ثبت ارسال به نمایندگی"),
    "sales.deposits.exported": _("گرفتن پرونده‌ی سفارش‌های بی‌ودیعه"),
    "sales.draw.aborted": _("کنار گذاشتن قرعه‌کشی"),
    "sales.draw.frozen": _("بستن فهرست قرعه‌کشی"),
    "sales.draw.proposed": _("پیشنهاد آغاز قرعه‌کشی"),
    "sales.draw.started": _("تأیید و آغاز قرعه‌کشی"),
    "sales.draw.value_entered": _("نوشتن عدد بیرونی قرعه‌کشی"),
    "sales.facts.imported": _("ورود داده‌های متقاضیان از پرونده"),
    "sales.invitations.requested": _("صدور دعوت‌نامه‌ها"),
    "sales.late_fee_cap.added": _("تعیین سقف جریمه‌ی دیرکرد خریدار"),
    "sales.office_hours.decided": _("تعیین ساعت کار دفتر"),
    "sales.order.looked_up": _("جست‌وجوی سفارش"),
    "sales.order.voided": _("ابطال سفارش"),
    "sales.penalty_rate.added": _("تعیین نرخ جریمه‌ی دیرکرد تحویل"),
    "sales.plan.archived": _("بایگانی طرح"),
    "sales.plan.closed": _("بستن طرح"),
    "sales.plan.copied": _("رونوشت طرح"),
    "sales.plan.drafted": _("نوشتن پیش‌نویس طرح"),
    "sales.plan.handed_over": _("واگذاری سهمیه‌های مانده"),
    "sales.plan.paused": _("توقف فروش طرح"),
    "sales.plan.published": _("انتشار طرح"),
    "sales.plan.resumed": _("ادامه‌ی فروش طرح"),
    "sales.plan.rewritten": _("بازنویسی پیش‌نویس طرح"),
    "sales.price.decided": _("تعیین بهای خودرو"),
    "sales.recheck.started": _("سنجش دوباره‌ی خریداران طرح"),
    "sales.report.exported": _("گرفتن پرونده‌ی گزارش"),
    "sales.rule_set.written": _("نوشتن شرایط خریداران"),
    "sales.transfer.completed": _("تأیید صلح قرارداد"),
    "sales.transfer.refused": _("رد صلح قرارداد"),
}
PAYMENT = {
    "payment.blocked_deposits.exported": _("گرفتن پرونده‌ی ناجورهای ودیعه‌ی مسدود"),
    "payment.blocked_deposits.imported": _("ورود فهرست ودیعه‌های مسدود"),
    "payment.card_limit.decided": _("تعیین سقف کارت‌ها"),
    "payment.deposit_assignment.approved": _("تأیید قبض برای واریز"),
    "payment.deposit_assignment.proposed": _("پیشنهاد قبض برای واریز"),
    "payment.deposit_assignment.refused": _("رد قبض برای واریز"),
    "payment.deposits.exported": _("گرفتن پرونده‌ی واریزها"),
    "payment.deposits.imported": _("ورود صورت‌حساب بانک"),
    "payment.differences.closed": _("بستن مغایرت"),
    "payment.differences.exported": _("گرفتن پرونده‌ی مغایرت‌ها"),
    "payment.differences.taken": _("برداشتن مغایرت"),
    "payment.provider_route.changed": _("تغییر درگاه پرداخت"),
    "payment.reconciliation.begun": _("تطبیق دوباره‌ی روز درگاه"),
    "payment.reconciliation.imported": _("ورود گزارش روز درگاه"),
    "payment.refund_batch.answered": _("ورود پاسخ بانک به دسته‌ی واریز"),
    "payment.refund_batch.approved": _("تأیید دسته‌ی واریز"),
    "payment.refund_batch.downloaded": _("گرفتن پرونده‌ی دسته‌ی واریز"),
    "payment.refund_batch.proposed": _("پیشنهاد دسته‌ی واریز"),
    "payment.refund_batch.refused": _("رد دسته‌ی واریز"),
    "payment.statement.viewed": _("دیدن صورت‌حساب سفارش"),
}
NOTIFY = {
    "notify.message.resent": _("فرستادن دوباره‌ی پیام"),
    "notify.message_lane.changed": _("تغییر مسیر پیامک"),
    "notify.message_run.begun": _("نوشتن ارسال انبوه"),
    "notify.message_run.cancelled": _("لغو ارسال انبوه"),
    "notify.message_run.file_sent": _("فرستادن پرونده‌ی گیرندگان"),
    "notify.message_run.paused": _("توقف ارسال انبوه"),
    "notify.message_run.resumed": _("ادامه‌ی ارسال انبوه"),
    "notify.message_run.started": _("آغاز ارسال انبوه"),
    "notify.message_run_rules.set": _("تعیین ساعت‌های آرامش"),
    "notify.message_template.proposed": _("پیشنهاد متن پیامک"),
    "notify.message_template.published": _("انتشار متن پیامک"),
    "notify.messages.viewed": _("دیدن پیام‌های یک نفر"),
    "notify.sms_provider.changed": _("تغییر سامانه‌ی پیامک"),
    "notify.sms_route.changed": _("تغییر ترتیب سامانه‌های پیامک"),
}
ACTIONS: Mapping[str, str] = READ | IDENTITY | SALES | PAYMENT | NOTIFY
DETAILS: Mapping[str, str] = {
    "active": _("در کار است"),
    "after": _("پس از تغییر"),
    "alternative": _("جایگزین"),
    "applied": _("تغییر کرد"),
    "approvals": _("تأییدها"),
    "assignment_id": _("قبض پیشنهادی"),
    "attempt": _("دور"),
    "before": _("پیش از تغییر"),
    "by": _("با"),
    "changed": _("تغییر کرد"),
    "circular": _("بخشنامه"),
    "code": _("کد"),
    "cursor": _("ادامه از"),
    "day": _("روز"),
    "decision": _("تصمیم"),
    "deposit_id": _("واریز"),
    "differ": _("تنها ناهمخوان‌ها"),
    "digest": _("اثر انگشت فایل"),
    "everybody": _("همه‌ی حساب‌ها"),
    "field": _("خانه"),
    "fields": _("خانه‌ها"),
    "format": _("قالب"),
    "four_eyes_above": _("دو نفر برای بیش از"),
    "from": _("مقدار پیشین"),
    "from_dealership": _("نمایندگی پیشین"),
    "handling": _("شیوه‌ی تغییر"),
    "import_id": _("پرونده"),
    "instead_of": _("به جای نسخه‌ی"),
    "invitation_id": _("دعوت"),
    "kind": _("گونه"),
    "kinds": _("استعلام‌ها"),
    "lane": _("مسیر"),
    "list_id": _("فهرست"),
    "name": _("عنوان"),
    "offering_id": _("خودرو"),
    "orders": _("سفارش‌ها"),
    "pending": _("در انتظار تأیید"),
    "prepayment": _("پیش‌پرداخت، ریال"),
    "price": _("بها، ریال"),
    "price_id": _("بهای روز"),
    "provider": _("سامانه"),
    "purpose": _("برای چه"),
    "quiet_from": _("آرامش از ساعت"),
    "quiet_until": _("آرامش تا ساعت"),
    "reason": _("دلیل"),
    "recheck_id": _("بازبینی شرایط"),
    "recipients": _("گیرندگان"),
    "reconciliation_id": _("سنجش روز"),
    "refund": _("بازگشت، ریال"),
    "refunds": _("واریزها"),
    "report": _("گزارش"),
    "roles": _("نقش‌ها"),
    "route": _("مسیر"),
    "rule": _("شرط"),
    "rule_set_id": _("فهرست شرایط"),
    "scope": _("برای"),
    "section": _("بخش"),
    "sections": _("بخش‌ها"),
    "since": _("از"),
    "source": _("منبع"),
    "state": _("وضعیت"),
    "template_id": _("متن قرارداد"),
    "template_version": _("نسخه‌ی متن"),
    "title": _("عنوان"),
    "to": _("مقدار تازه"),
    "to_dealership": _("نمایندگی تازه"),
    "until": _("تا"),
    "valid_from": _("از تاریخ"),
    "value": _("مقدار"),
    "version": _("نسخه"),
    "withdrawn": _("برداشته‌شده"),
    "working": _("روز کاری است"),
}


def action(name: str) -> str:
    """In words; the name itself when a service has learnt a new one."""
    return gettext(ACTIONS[name]) if name in ACTIONS else name


def detail(name: str) -> str:
    return gettext(DETAILS[name]) if name in DETAILS else name


def said(name: str, value: object) -> str:
    """A detail's value, in words where it is a code of the desk's."""
    words = {
        "purpose": purposes,
        "applied": fields,
        "by": fields,
        "fields": fields,
        "pending": fields,
        "field": fields,
        "roles": roles,
        "to": roles,
        "from": roles,
    }
    if isinstance(value, dict):
        return gettext("، ").join(f"{detail(each)}: {said(each, one)}" for each, one in value.items())
    if isinstance(value, bool):
        return gettext("آری") if value else gettext("نه")
    known = words[name]() if name in words else {}
    values = value if isinstance(value, list) else [value]
    return gettext("، ").join(known.get(str(one), str(one)) for one in values)


def actions_of(service: str) -> list[tuple[str, str]]:
    """To choose from."""
    return [(name, gettext(text)) for name, text in ACTIONS.items() if name.startswith(f"{service}.")]
