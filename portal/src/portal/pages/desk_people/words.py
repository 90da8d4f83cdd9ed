"""How the codes of the API are called at the desk, where they sound otherwise than to a customer."""

from portal.language import gettext
from portal.words import choices


def inquiries() -> dict[str, str]:
    return {
        "mobile_owner": gettext("تعلق شماره همراه به کد ملی"),
        "civil_registry": gettext("نام و تاریخ تولد در ثبت احوال"),
        "iban_owner": gettext("تعلق شبا به صاحب حساب"),
    }


def address() -> dict[str, str]:
    return {
        "province": gettext("استان"),
        "city": gettext("شهر"),
        "street": gettext("خیابان، کوچه، پلاک"),
        "postal_code": gettext("کد پستی"),
        "phone": gettext("تلفن ثابت"),
    }


def genders() -> dict[str, str]:
    return {"female": gettext("زن"), "male": gettext("مرد")}


def complaint_states() -> dict[str, str]:
    return {**dict(choices("complaint_state")), "awaiting_customer": gettext("در انتظار پاسخ مشتری")}


def lanes() -> dict[str, str]:
    return {
        "code": gettext("رمز یک‌بارمصرف"),
        "transactional": gettext("خبر کار خود مشتری"),
        "bulk": gettext("انبوه"),
    }


def run_states() -> dict[str, tuple[str, str]]:
    """Of a run: what it is called, and the kind of its tag."""
    return {
        "reading": (gettext("خواندن پرونده"), "quiet"),
        "ready": (gettext("آماده‌ی آغاز"), "warning"),
        "running": (gettext("در حال ارسال"), "good"),
        "paused": (gettext("متوقف"), "warning"),
        "done": (gettext("پایان یافت"), "quiet"),
        "cancelled": (gettext("لغو شد"), "bad"),
    }


def run_kinds() -> dict[str, str]:
    return {"file": gettext("از پرونده"), "draw": gettext("نتیجه‌ی قرعه‌کشی")}


def run_figures() -> dict[str, str]:
    """In the order in which they are shown."""
    return {
        "waiting": gettext("در انتظار"),
        "under_way": gettext("در نوبت ارسال"),
        "sent": gettext("فرستاده شد"),
        "delivered": gettext("به گوشی رسید"),
        "undelivered": gettext("به گوشی نرسید"),
        "failed": gettext("فرستاده نشد"),
        "expired": gettext("مهلتش گذشت"),
        "cancelled": gettext("لغو شد"),
        "unknown": gettext("سرنوشت نامعلوم"),
    }


def obstacles() -> dict[str, str]:
    return {
        "quiet_hours": gettext("اکنون ساعت‌های آرامش است؛ ارسال پس از آن خودبه‌خود ادامه می‌یابد."),
        "budget": gettext("بودجه‌ی امروز پیامک تمام شده است؛ ارسال با بودجه‌ی تازه ادامه می‌یابد."),
    }
