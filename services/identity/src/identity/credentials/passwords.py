"""Which passwords are accepted: any long enough, except those a guesser tries first.

Source: OWASP ASVS 5.0 6.2.1-6.2.12; NIST SP 800-63B 5.1.1.2 (no composition rules, no truncation).
"""

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from identity.credentials.common_passwords import COMMON_PASSWORDS
from iran import Invalid, Mobile, NationalCode, to_ascii_digits

SHORTEST = 8
LONGEST = 128

_COMMON = (
    "password_common",
    "This password is one of the first that are guessed; choose another.",
    "این رمز از نخستین رمزهایی است که حدس می‌زنند؛ رمز دیگری برگزینید.",
)
_OWN_NUMBER = (
    "password_own_number",
    "The national code or the mobile number is no password.",
    "کد ملی یا شماره همراه نمی‌تواند رمز عبور باشد.",
)


def composed(text: object) -> object:
    """The same password from every keyboard: NFC."""
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else text


NewPassword = Annotated[
    str, Field(min_length=SHORTEST, max_length=LONGEST, repr=False), BeforeValidator(composed)
]
GivenPassword = Annotated[str, Field(min_length=1, max_length=LONGEST, repr=False), BeforeValidator(composed)]


def refuse_guessable(password: str, national_code: NationalCode | None, mobile: Mobile | None) -> str:
    """The password itself, or pydantic's error when it is common or the person's own number."""
    plain = to_ascii_digits(password).casefold()
    if plain in COMMON_PASSWORDS or len(set(plain)) == 1:
        raise _refusal(*_COMMON)
    if (national_code and plain == national_code) or (mobile and _is_mobile(plain, mobile)):
        raise _refusal(*_OWN_NUMBER)
    return password


def _is_mobile(text: str, mobile: Mobile) -> bool:
    try:
        return Mobile(text) == mobile
    except Invalid:
        return False


def _refusal(code: str, en: str, fa: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{en}", {"en": en, "fa": fa})
