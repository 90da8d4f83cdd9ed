"""The arithmetic of a cancellation: what was paid, the profit on it, what is kept back, what is left.

Profit is simple and daily, Actual/365: each payment earns from its own value date,
``paid x rate x days / 365``, rounded down to the Rial. Rates and deductions are the order's terms.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from typing import Literal

from chassis.errors import Problem
from chassis.json import dumps

LineKind = Literal["payment", "profit", "deduction"]
BASIS_POINTS = 10_000
DAYS_OF_YEAR = 365
FEES = frozenset({"penalty", "fee"})
"""The purposes of payments that are not for the car."""


@dataclass(frozen=True, slots=True)
class Received:
    """Rial that came for an order on a day of Tehran."""

    purpose: str
    amount: int
    day: date


@dataclass(frozen=True, slots=True)
class Conditions:
    """Rates in basis points: of profit a year, of deduction on what was paid of the price.

    ``fees_stay``: what was paid for being late (``FEES``) is kept and earns nothing.
    """

    profit_rate: int = 0
    deduction_rate: int = 0
    fees_stay: bool = True


PLAIN = Conditions(fees_stay=False)
"""All that was paid goes back, no more and no less."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the statement: ``amount`` (Rial, below zero for a deduction) and how it comes about.

    ``base`` is what it is reckoned on, ``rate`` basis points, ``days`` from ``since``.
    """

    kind: LineKind
    amount: int
    base: int
    purpose: str | None = None
    since: date | None = None
    days: int | None = None
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a cancellation on ``day`` comes to; the sums are those of the lines."""

    day: date
    lines: tuple[Line, ...]

    @property
    def paid(self) -> int:
        return self._sum("payment")

    @property
    def profit(self) -> int:
        return self._sum("profit")

    @property
    def deductions(self) -> int:
        """What is kept back, above zero."""
        return -self._sum("deduction")

    @property
    def refund(self) -> int:
        return sum(line.amount for line in self.lines)

    def digest(self, order_id: str, version: int) -> str:
        """Names this quote of the order in this version: what was shown is what happens, or nothing does."""
        shown = {"order": order_id, "version": version, **asdict(self)}
        return hashlib.sha256(dumps(shown)).hexdigest()[:32]

    def _sum(self, kind: LineKind) -> int:
        return sum(line.amount for line in self.lines if line.kind == kind)


def quote(received: Sequence[Received], conditions: Conditions, day: date) -> Quote:
    """The statement of a cancellation on ``day``; nobody pays to cancel: all that is kept was paid."""
    ordered = sorted(received, key=lambda one: (one.day, one.purpose, one.amount))
    fees = [one for one in ordered if conditions.fees_stay and one.purpose in FEES]
    price = [one for one in ordered if one not in fees]
    lines = chain(
        _payments(ordered),
        _profits(price, conditions.profit_rate, day),
        _kept(price, conditions.deduction_rate),
        (Line("deduction", -one.amount, one.amount, one.purpose, one.day) for one in fees),
    )
    return Quote(day, tuple(lines))


def _payments(received: Sequence[Received]) -> Iterator[Line]:
    for one in received:
        yield Line("payment", one.amount, one.amount, one.purpose, since=one.day)


def _profits(received: Sequence[Received], rate: int, day: date) -> Iterator[Line]:
    for one in received:
        days = max((day - one.day).days, 0)
        profit = one.amount * rate * days // (BASIS_POINTS * DAYS_OF_YEAR)
        if profit:
            yield Line("profit", profit, one.amount, one.purpose, one.day, days, rate)


def _kept(received: Sequence[Received], rate: int) -> Iterator[Line]:
    paid = sum(one.amount for one in received)
    kept = paid * rate // BASIS_POINTS
    if kept:
        yield Line("deduction", -kept, paid, rate=rate)


class CannotCancelNow(Problem):
    status = 409
    code = "cannot_cancel_now"
    fa = "پس از صدور فاکتور یا پایان سفارش، انصراف ممکن نیست."
    en = "An order cannot be cancelled after its invoice is issued or once it has ended."

    def __init__(self, state: str) -> None:
        super().__init__(rule="before_invoice", state=state)


class QuoteChanged(Problem):
    status = 409
    code = "quote_changed"
    fa = "محاسبه‌ی انصراف تغییر کرده است؛ آن را دوباره ببینید و تأیید کنید."
    en = "The cancellation's figures have changed; look at them again and confirm."


class CancellationNotAllowed(Problem):
    status = 409
    code = "cancellation_not_allowed"
    fa = "در این طرح انصراف پیش‌بینی نشده است."
    en = "This plan does not provide for cancellation."


class CannotVoidNow(Problem):
    status = 409
    code = "cannot_void_now"
    fa = "سفارش پایان یافته یا خودرو تحویل شده است."
    en = "The order has ended or its car is delivered."

    def __init__(self, state: str) -> None:
        super().__init__(rule="before_delivery", state=state)
