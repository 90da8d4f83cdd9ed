"""The statement of a delay penalty as people follow it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from iran import Rial, to_persian_digits
from sales.penalties.domain import MONTHS, Line
from sales.persian import percent


class PenaltyLine(BaseModel):
    """Days ``since`` to ``until``, both included. ``base`` and ``amount`` in Rial, rates in basis points.

    ``amount`` is ``base x (monthly_rate + yearly_deposit_rate / 12) / 10000 x days / month_days``, what its
    days add to the total in whole Rial; ``arithmetic`` says it in words.
    """

    since: date
    until: date
    days: int
    base: int
    monthly_rate: int
    yearly_deposit_rate: int
    month_days: int
    amount: int
    arithmetic: str

    @classmethod
    def of(cls, line: Line) -> "PenaltyLine":
        return cls(
            since=line.since,
            until=line.until,
            days=line.days,
            base=line.base,
            monthly_rate=line.rate.monthly,
            yearly_deposit_rate=line.rate.yearly_deposit,
            month_days=line.rate.divisor,
            amount=line.amount,
            arithmetic=_arithmetic(line),
        )


class Credit(BaseModel):
    """The refund by which the penalty goes to the buyer's account."""

    refund_id: UUID
    amount: int
    credited_at: datetime


class DelayStatement(BaseModel):
    """``due_on`` is the last day on which the car is in time, None when no window was promised.

    ``until`` is the day of delivery, or the present day while the car is still to come.
    """

    order_id: UUID
    kind: str
    due_on: date | None
    until: date
    delivered: bool
    days: int
    lines: list[PenaltyLine]
    total: int
    credit: Credit | None = None


def lines_of(lines: Sequence[Line]) -> list[PenaltyLine]:
    return [PenaltyLine.of(line) for line in lines]


def _arithmetic(line: Line) -> str:
    rate = percent(line.rate.monthly)
    if line.rate.yearly_deposit:
        rate = f"({percent(line.rate.yearly_deposit)} ÷ {to_persian_digits(MONTHS)} + {rate})"
    days = to_persian_digits(f"{line.days} ÷ {line.rate.divisor}")
    return f"{Rial(line.base).text_fa} × {rate} × {days} = {Rial(line.amount).text_fa}"
