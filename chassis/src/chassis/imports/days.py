"""Days as people write them in files."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from iran import Invalid, parse_jalali, to_ascii_digits
from iran.text_value import as_pydantic

_JALALI = re.compile(r"1[34][0-9]{2}\D")


def _day(value: object) -> object:
    """ISO or Jalali, in any digits."""
    if not isinstance(value, str):
        return value
    text = to_ascii_digits(value).strip()
    if not _JALALI.match(text):
        return text
    try:
        return parse_jalali(text)
    except Invalid as invalid:
        raise as_pydantic(invalid) from None


Day = Annotated[date, BeforeValidator(_day)]
