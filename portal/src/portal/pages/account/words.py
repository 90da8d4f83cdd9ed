"""What the fields of an account, and what becomes of them, are called."""

from portal.language import gettext


def fields() -> dict[str, str]:
    return {
        "national_code": gettext("کد ملی"),
        "first_name": gettext("نام"),
        "last_name": gettext("نام خانوادگی"),
        "father_name": gettext("نام پدر"),
        "birth_date": gettext("تاریخ تولد"),
        "birth_certificate_number": gettext("شماره شناسنامه"),
        "gender": gettext("جنسیت"),
        "mobile": gettext("شماره همراه"),
        "email": gettext("رایانامه"),
        "education": gettext("تحصیلات"),
        "occupation": gettext("شغل"),
        "iban": gettext("شماره شبا"),
        "address": gettext("نشانی"),
        "password": gettext("گذرواژه"),
    }


def states() -> dict[str, tuple[str, str]]:
    """Of a change: what it is called, and the kind of its tag."""
    return {
        "pending": (gettext("در انتظار تأیید"), "warning"),
        "approved": (gettext("پذیرفته شد"), "good"),
        "refused": (gettext("پذیرفته نشد"), "bad"),
        "withdrawn": (gettext("پس گرفته شد"), "quiet"),
    }


def results() -> dict[str, tuple[str, str]]:
    """Of an inquiry."""
    return {
        "match": (gettext("تأیید شد"), "good"),
        "no_match": (gettext("نمی‌خواند"), "bad"),
        "invalid_input": (gettext("دانسته‌ها درست نیست"), "bad"),
        "pending": (gettext("در حال پرسیدن"), "quiet"),
        "unavailable": (gettext("دوباره پرسیده می‌شود"), "warning"),
    }


def inquiries() -> dict[str, str]:
    return {
        "mobile_owner": gettext("تعلق شماره همراه به کد ملی"),
        "civil_registry": gettext("نام و تاریخ تولد در ثبت احوال"),
        "iban_owner": gettext("تعلق شبا به شما"),
    }


def trails() -> dict[str, str]:
    """Whose part of who looked may be missing."""
    return {"sales": gettext("سفارش‌ها"), "payment": gettext("پرداخت‌ها"), "notify": gettext("پیام‌ها")}


def roles() -> dict[str, str]:
    return {
        "manager": gettext("مدیر فروش"),
        "operator": gettext("کارشناس تلفنی"),
        "dealer": gettext("نمایندگی"),
        "care": gettext("کارشناس صدای مشتری"),
        "finance": gettext("مالی"),
        "auditor": gettext("بازرس"),
        "admin": gettext("سرپرست سامانه"),
    }
