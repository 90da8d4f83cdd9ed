"""The arithmetic of settling a contract: what is due when, and what being late costs.

The late fee is simple and daily, Actual/365: every part of an instalment that comes late costs
``part x rate / 10000 / 365`` for each day after the one it was due on. The rate is the one of the order's
terms, lowered on the days on which a ceiling is below it (``late_fee_caps``). Money in Rial, rates in basis
points a year, days are Tehran's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from chassis.errors import Problem
from iran import BillPair
from sales.orders.domain import LIVE, OrderState

BASIS_POINTS = 10_000
DAYS_OF_YEAR = 365

Purpose = Literal["principal", "penalty"]
"""What a buyer asks a final bill for: the rest of the price, or the late fees."""

_S = OrderState
UNDER_CONTRACT = LIVE - {_S.REGISTERED, _S.AWAITING_PAYMENT, _S.PAID}
"""An order in these states has a contract, whose money it takes."""
BILLABLE = UNDER_CONTRACT - {_S.INVITATION_EXPIRED}


class InstalmentState(StrEnum):
    """``covered``: the rest of the price was paid at once; ``void``: its order ended."""

    COMING = "coming"
    BILLED = "billed"
    PAID = "paid"
    COVERED = "covered"
    VOID = "void"


class BillState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Part:
    """Money of an instalment and the day on which it came, None when it is still to come."""

    amount: int
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """From a day on no late fee is higher than ``rate``."""

    valid_from: date
    rate: int


@dataclass(frozen=True, slots=True)
class FeeLine:
    """``days`` from ``since``, that day included, on ``base`` at ``rate``."""

    since: date
    days: int
    base: int
    rate: int


def fee_lines(due: date, parts: Sequence[Part], rate: int, caps: Sequence[Cap], today: date) -> list[FeeLine]:
    """How a late fee comes about until ``today``; nothing for parts that came in time."""
    return [
        FeeLine(since, days, part.amount, at_rate)
        for part in parts
        for since, days, at_rate in _stretches(due, min(part.paid_on or today, today), rate, caps)
        if at_rate and part.amount
    ]


def fee_of(lines: Sequence[FeeLine]) -> int:
    """Rounded down, once, to what a bill's ids can carry."""
    exact = sum(line.base * line.rate * line.days for line in lines)
    return exact // (BASIS_POINTS * DAYS_OF_YEAR) // BillPair.STEP * BillPair.STEP


def _stretches(due: date, until: date, rate: int, caps: Sequence[Cap]) -> Iterator[tuple[date, int, int]]:
    """The days after ``due`` up to and with ``until``, divided where the ceiling changes."""
    since, end = due + timedelta(days=1), until + timedelta(days=1)
    steps = [since, *sorted(cap.valid_from for cap in caps if since < cap.valid_from < end), end]
    for first, following in pairwise(steps):
        if first < following:
            yield first, (following - first).days, min(rate, _cap_on(first, caps, rate))


def _cap_on(day: date, caps: Sequence[Cap], otherwise: int) -> int:
    known = [cap for cap in caps if cap.valid_from <= day]
    return max(known, key=lambda cap: cap.valid_from).rate if known else otherwise


class NotUnderContract(Problem):
    code = "not_under_contract"
    fa = "این سفارش قرارداد فعالی ندارد."
    en = "The order has no contract in force."

    def __init__(self, state: str) -> None:
        super().__init__(rule="under_contract", state=state)


class NothingOwed(Problem):
    code = "nothing_owed"
    fa = "برای این سفارش چیزی از این بابت بدهکار نیستید."
    en = "Nothing of this kind is owed for the order."

    def __init__(self, purpose: Purpose) -> None:
        super().__init__(rule=f"{purpose}_owed", purpose=purpose)
