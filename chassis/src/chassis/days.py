"""Days and moments as people give them: near enough that every calendar shows them and allows counting on."""

import re
from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from chassis.validation import wrong_value
from iran import Invalid, parse_jalali, to_ascii_digits
from iran.text_value import as_pydantic

YEARS = range(1900, 2200)
_JALALI = re.compile(r"1[34][0-9]{2}\D")
When = TypeVar("When", date, datetime)


def _near(value: When) -> When:
    if value.year not in YEARS:
        raise wrong_value(
            "far_from_today", "این تاریخ بیش از اندازه دور است.", "This date is too far from today."
        )
    return value


def _written(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = to_ascii_digits(value).strip()
    if not _JALALI.match(text):
        return text
    try:
        return parse_jalali(text)
    except Invalid as invalid:
        raise as_pydantic(invalid) from None


Day = Annotated[date, AfterValidator(_near)]
FileDay = Annotated[Day, BeforeValidator(_written)]
"""As people write them in files: ISO or Jalali, in any digits."""
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
