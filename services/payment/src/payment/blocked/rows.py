"""A line of a bank's list: what it blocked in one person's account."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import mul
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chassis.crypto import BlindIndex
from chassis.days import FileDay
from events.identity import NATIONAL_CODE
from iran import NationalCode, Rial
from payment.deposits.rows import BANK_CODE

DIGITS, AMOUNT_DIGITS = 10, 18
ZERO = ord("0")
WEIGHTS = range(10, 1, -1)
"""Of the digits of a national code before the one that checks them."""
OF_ZEROS = sum(WEIGHTS) * ZERO
PLAIN = 3
"""The columns that a row must have; one with others is not written plainly."""
_DAY: TypeAdapter[date] = TypeAdapter(FileDay)


class BlockedList(BaseModel):
    """``bank`` is the three digits of its Shebas. What is blocked counts from ``least`` Rial on.

    ``complete``: the bank has nothing blocked for anybody whom the list does not name.
    """

    model_config = ConfigDict(extra="forbid")

    bank: Annotated[str, Field(pattern=BANK_CODE)]
    plan_id: UUID
    least: Rial
    complete: bool = False


class BlockedRow(BaseModel):
    """``released``: the bank has let go of the money."""

    model_config = ConfigDict(extra="forbid")

    national_code: Annotated[NationalCode, Field(title="کد ملی")]
    amount: Annotated[Rial, Field(title="مبلغ مسدودی")]
    on: Annotated[FileDay, Field(title="تاریخ مسدودی")]
    released: Annotated[bool, Field(title="آزاد شده")] = False

    def counted(self, index: BlindIndex) -> "Blocked":
        people = index.all_of(self.national_code, NATIONAL_CODE)
        return Blocked(people, int(self.amount), self.on, self.released)


class Blocked(NamedTuple):
    """What counts of a row; ``people`` are the indexes that the person may be known by."""

    people: Sequence[str]
    amount: int
    on: date
    released: bool = False


def quick(cells: dict[str, Any], index: BlindIndex) -> Blocked | None:
    """The row of cells that are written as programs write them; None for all others, right or wrong."""
    code, amount, day = cells.get("national_code"), cells.get("amount"), cells.get("on")
    if not (code and amount and day) or len(cells) != PLAIN:
        return None
    on = day_of(day)
    if on is None or not _is_national_code(code) or not _is_number(amount):
        return None
    return Blocked(index.all_of(code, NATIONAL_CODE), int(amount), on)


def _is_national_code(code: str) -> bool:
    """As ``NationalCode`` says, of ten ASCII digits."""
    if len(code) != DIGITS or not _is_number(code) or code.count(code[0]) == DIGITS:
        return False
    digits = code.encode()
    rest: int = (sum(map(mul, digits, WEIGHTS)) - OF_ZEROS) % 11
    return digits[-1] - ZERO == (rest if rest < 2 else 11 - rest)  # noqa: PLR2004 - the rule's own number


def _is_number(text: str) -> bool:
    return len(text) <= AMOUNT_DIGITS and text.isascii() and text.isdigit()


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """A file has few days; None for what is none."""
    try:
        return _DAY.validate_python(text)
    except ValidationError:
        return None
