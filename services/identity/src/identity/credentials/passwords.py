"""Which passwords are accepted: any long enough, except those a guesser tries first.

Source: OWASP ASVS 5.0 6.2.1-6.2.12; NIST SP 800-63B 5.1.1.2 (no composition rules, no truncation).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import permutations
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from identity.credentials.common_passwords import is_common
from iran import Invalid, Mobile, NationalCode, PersonName, jalali_numeric, matching_key, to_ascii_digits

SHORTEST = 8
LONGEST = 128

_COMMON = (
    "password_common",
    "This password is one of the first that are guessed; choose another.",
    "این گذرواژه از نخستین گذرواژه‌هایی است که حدس می‌زنند؛ گذرواژه‌ی دیگری برگزینید.",
)
_OWN_NUMBER = (
    "password_own_number",
    "The national code or the mobile number is no password.",
    "کد ملی یا شماره همراه نمی‌تواند گذرواژه باشد.",
)
_PERSONAL = (
    "password_personal",
    "One's own name or birth date is no password.",
    "نام یا تاریخ تولد خودتان نمی‌تواند گذرواژه باشد.",
)
_NO_DIGIT = re.compile(r"[^0-9]")


def composed(text: object) -> object:
    """The same password from every keyboard: NFC."""
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else text


NewPassword = Annotated[
    str, Field(min_length=SHORTEST, max_length=LONGEST, repr=False), BeforeValidator(composed)
]
GivenPassword = Annotated[str, Field(min_length=1, max_length=LONGEST, repr=False), BeforeValidator(composed)]


def refuse_guessable(
    password: str,
    national_code: NationalCode | None,
    mobile: Mobile | None,
    names: Iterable[PersonName] = (),
    birth_date: date | None = None,
) -> str:
    """The password itself, or pydantic's error when it is common or says what is known of the person."""
    plain = to_ascii_digits(password).casefold()
    if is_common(plain):
        raise _refusal(*_COMMON)
    if (national_code and plain == national_code) or (mobile and _is_mobile(plain, mobile)):
        raise _refusal(*_OWN_NUMBER)
    if _is_name(plain, names) or (birth_date and _is_date(plain, birth_date)):
        raise _refusal(*_PERSONAL)
    return password


def _is_mobile(text: str, mobile: Mobile) -> bool:
    try:
        return Mobile(text) == mobile
    except Invalid:
        return False


def _is_name(text: str, names: Iterable[PersonName]) -> bool:
    """Any of the names, or several in any order, however they are spelled and joined."""
    known = {matching_key(name) for name in names}
    joined = {"".join(some) for count in range(1, len(known) + 1) for some in permutations(known, count)}
    return matching_key(text) in joined


def _is_date(text: str, day: date) -> bool:
    digits = _NO_DIGIT.sub("", text)
    return not text.strip("0123456789/-. ") and digits in set(_spellings(day))


def _spellings(day: date) -> Iterator[str]:
    """Year first and day first, in both calendars."""
    for text in (day.isoformat(), to_ascii_digits(jalali_numeric(day))):
        year, month, of_month = (part for part in re.split(r"[^0-9]", text) if part)
        yield f"{year}{month}{of_month}"
        yield f"{of_month}{month}{year}"


def _refusal(code: str, en: str, fa: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{en}", {"en": en, "fa": fa})
