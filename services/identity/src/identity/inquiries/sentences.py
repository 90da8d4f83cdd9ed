"""How a result is told to its person."""

from chassis.errors import Sentence
from identity.inquiries.domain import Kind

_LATER = Sentence(
    "سامانه‌ی استعلام پاسخ نداد؛ دوباره می‌پرسیم و لازم نیست کاری بکنید.",
    "The inquiry service did not answer; we ask again, you need not do anything.",
)
_SOON = Sentence("هنوز پرسیده نشده است؛ به‌زودی می‌پرسیم.", "Not asked yet; we will soon.")

SENTENCES = {
    (Kind.MOBILE_OWNER, "match"): Sentence(
        "شماره‌ی همراه به نام خود شماست.", "The mobile is registered to you."
    ),
    (Kind.MOBILE_OWNER, "no_match"): Sentence(
        "شماره‌ی همراه به نام شما نیست؛ شماره‌ای را ثبت کنید که به نام خودتان است.",
        "The mobile is not registered to you; use one that is.",
    ),
    (Kind.MOBILE_OWNER, "invalid_input"): Sentence(
        "شماره‌ی همراه را سامانه‌ی استعلام نمی‌شناسد؛ آن را بررسی کنید.",
        "The inquiry service does not know the mobile; check it.",
    ),
    (Kind.CIVIL_REGISTRY, "match"): Sentence(
        "نام و تاریخ تولد با ثبت احوال می‌خواند.", "Name and birth date agree with the civil registry."
    ),
    (Kind.CIVIL_REGISTRY, "no_match"): Sentence(
        "نام یا تاریخ تولد با ثبت احوال نمی‌خواند؛ آن را اصلاح کنید.",
        "Name or birth date do not agree with the civil registry; correct them.",
    ),
    (Kind.CIVIL_REGISTRY, "invalid_input"): Sentence(
        "ثبت احوال این کد ملی یا تاریخ تولد را نپذیرفت؛ آن را بررسی کنید.",
        "The civil registry did not accept the national code or birth date; check them.",
    ),
    (Kind.IBAN_OWNER, "match"): Sentence("شبا به نام خود شماست.", "The Sheba is yours."),
    (Kind.IBAN_OWNER, "no_match"): Sentence(
        "شبا به نام شما نیست؛ شبای حساب خودتان را ثبت کنید.", "The Sheba is not yours; use one of your own."
    ),
    (Kind.IBAN_OWNER, "invalid_input"): Sentence(
        "بانک این شبا را نمی‌شناسد؛ آن را بررسی کنید.", "The bank does not know the Sheba; check it."
    ),
    **{(kind, "pending"): _SOON for kind in Kind},
    **{(kind, "unavailable"): _LATER for kind in Kind},
}
