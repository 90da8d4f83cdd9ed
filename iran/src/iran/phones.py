"""Iranian telephone numbers."""

import re

from iran.digits import compact
from iran.invalid import Reason
from iran.text_value import TextValue

_COUNTRY_PREFIX = re.compile(r"(?:\+98|0098|98)?0?([1-9][0-9]{9})")


def _national(text: str) -> str:
    """`0` and ten digits, however the country was written; anything else as it came."""
    number = compact(text)
    match = _COUNTRY_PREFIX.fullmatch(number)
    return f"0{match[1]}" if match else number


class Mobile(TextValue):
    """A mobile number as `09` and nine digits.

    Operators' prefixes are not checked: new ones appear, and the published lists contradict each other.
    """

    __slots__ = ()

    pattern = r"^09[0-9]{9}$"
    example = "09123456789"
    visible = (4, 2)
    malformed = Reason(
        "mobile_format",
        "A mobile number has eleven digits and starts with 09.",
        "شماره همراه یازده رقم دارد و با ۰۹ آغاز می‌شود.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        return _national(text)

    @property
    def e164(self) -> str:
        """The international form, `+989123456789`."""
        return f"+98{self[1:]}"


class Landline(TextValue):
    """A fixed line with its province's code, as `0` and ten digits."""

    __slots__ = ()

    pattern = r"^0[1-8][0-9]{9}$"
    example = "02142724000"
    visible = (3, 2)
    malformed = Reason(
        "landline_format",
        "A telephone number has eleven digits and starts with the province's code.",
        "شماره تلفن ثابت یازده رقم دارد و با کد استان آغاز می‌شود.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        return _national(text)
