"""Numbers that people read out: unguessable, of twelve digits, the last one checks the others."""

import secrets
from enum import StrEnum

from iran import has_valid_check_digit, to_ascii_digits, with_check_digit

RANDOM_DIGITS = 10


class NumberKind(StrEnum):
    """The first digit tells what a number is."""

    REQUEST = "1"
    CONTRACT = "2"
    COMPLAINT = "5"
    INVITATION = "3"


def new_number(kind: NumberKind) -> str:
    return with_check_digit(f"{kind}{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}}")


def parse_number(text: str) -> str | None:
    """The number in ASCII digits without blanks or dashes; None when it cannot be one of ours."""
    digits = to_ascii_digits(text).replace(" ", "").replace("-", "")
    right_form = digits.isdecimal() and len(digits) == RANDOM_DIGITS + 2
    return digits if right_form and has_valid_check_digit(digits) else None
