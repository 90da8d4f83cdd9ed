"""What a plan may ask for that only inquiries can tell: one rule for each kind.

Only an answer refuses: what is not known yet is said to be so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.errors import Sentence

MATCH = "match"
PENDING = "pending"
"""There is no answer about the present data; so it is too when nothing was heard."""

_NOT_KNOWN_YET = Sentence(
    "پاسخ استعلام هنوز نرسیده است؛ کمی بعد دوباره تلاش کنید.",
    "The inquiry has not been answered yet; try again a little later.",
)


@dataclass(frozen=True)
class InquiryRule:
    name: str
    passed: Sentence
    refused: Sentence

    def verdict(self, result: str) -> tuple[bool, Sentence]:
        """Whether it passes and why (not); ``result`` is the inquiry's, or ``PENDING``."""
        if result == MATCH:
            return True, self.passed
        return False, _NOT_KNOWN_YET if result == PENDING else self.refused


INQUIRY_RULES: Mapping[str, InquiryRule] = {
    "civil_registry": InquiryRule(
        "civil_registry_checked",
        Sentence("نام و تاریخ تولد شما با ثبت احوال می‌خواند.", "Your data agree with the civil registry."),
        Sentence(
            "نام یا تاریخ تولد شما با ثبت احوال نمی‌خواند؛ حساب خود را اصلاح کنید.",
            "Your name or birth date do not agree with the civil registry; correct your account.",
        ),
    ),
    "iban_owner": InquiryRule(
        "iban_owner_checked",
        Sentence("شبا به نام شماست.", "The Sheba is yours."),
        Sentence(
            "شبا به نام شما نیست؛ شبای حساب خودتان را ثبت کنید.",
            "The Sheba is not yours; use one of your own.",
        ),
    ),
    "mobile_owner": InquiryRule(
        "mobile_owner_checked",
        Sentence("شماره‌ی همراه به نام شماست.", "The mobile is registered to you."),
        Sentence(
            "شماره‌ی همراه به نام شما نیست؛ شماره‌ای را ثبت کنید که به نام خودتان است.",
            "The mobile is not registered to you; use one that is.",
        ),
    ),
}
