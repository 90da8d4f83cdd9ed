"""What the maker owes for a late delivery, day by day.

Source: the bylaw of the consumers' protection law for cars, as amended on 1395-02-14, and the note of the
protection organisation of 2025-10-08: delay is counted in calendar days, whatever a contract says.

A day of delay is each day after the last day of the delivery window, the day of delivery included. It
costs ``base x monthly rate / divisor``: base is what the buyer had paid before that day, and the rate is
the one that was in force on it. Where the bylaw asks for the profit of a bank deposit, a twelfth of the
yearly profit is added to the month. Nothing is rounded before the end; a line shows what its days add to
the total in whole Rial, so lines always sum up, however a period is divided.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

WHOLE = 10_000
MONTHS = 12
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """In force from a day on. ``monthly`` and ``yearly_deposit`` are basis points; a month has ``divisor``
    days.
    """

    valid_from: date
    monthly: int
    yearly_deposit: int
    divisor: int

    @property
    def daily(self) -> Fraction:
        return Fraction(self.monthly * MONTHS + self.yearly_deposit, MONTHS * WHOLE * self.divisor)


@dataclass(frozen=True, slots=True)
class Paid:
    """Rial that the buyer paid on a day; they count from the day after."""

    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """Days, the first and the last included, on which neither base nor rate changed."""

    since: date
    until: date
    days: int
    base: int
    rate: Rate
    amount: int


def statement(due_on: date, until: date, paid: Sequence[Paid], rates: Sequence[Rate]) -> tuple[Line, ...]:
    """The delay from the day after ``due_on`` to ``until``, line by line; none when it is in time."""
    total = Fraction(0)
    lines = []
    for since, last in _periods(due_on, until, paid, rates):
        rate, base = _rate_on(since, rates), sum(one.amount for one in paid if one.day < since)
        if rate is None or not base:
            continue
        days = (last - since).days + 1
        before, total = total, total + base * rate.daily * days
        lines.append(Line(since, last, days, base, rate, int(total) - int(before)))
    return tuple(lines)


def total_of(lines: Sequence[Line]) -> int:
    return sum(line.amount for line in lines)


def _periods(
    due_on: date, until: date, paid: Sequence[Paid], rates: Sequence[Rate]
) -> Iterator[tuple[date, date]]:
    """The first and last days between which nothing changes."""
    changes = {due_on + DAY, *(one.day + DAY for one in paid), *(rate.valid_from for rate in rates)}
    starts = sorted(day for day in changes if due_on < day <= until)
    for start, following in pairwise([*starts, until + DAY]):
        yield start, following - DAY


def _rate_on(day: date, rates: Sequence[Rate]) -> Rate | None:
    known = [rate for rate in rates if rate.valid_from <= day]
    return max(known, key=lambda rate: rate.valid_from, default=None)
