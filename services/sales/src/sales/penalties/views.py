"""The statement of a delay penalty as people follow it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import Sentence
from iran import Rial, to_persian_digits
from sales.figures import percent
from sales.penalties.domain import MONTHS, Line


class ReckonedLine(BaseModel):
    """Days ``since`` to ``until``, both included. ``base`` and ``amount`` in Rial, rates in basis points.

    ``amount`` is ``base x (monthly_rate + yearly_deposit_rate / 12) / 10000 x days / month_days``, what its
    days add to the total in whole Rial.
    """

    since: date
    until: date
    days: int
    base: int
    monthly_rate: int
    yearly_deposit_rate: int
    month_days: int
    amount: int

    @classmethod
    def of(cls, line: Line) -> "ReckonedLine":
        return cls(
            since=line.since,
            until=line.until,
            days=line.days,
            base=line.base,
            monthly_rate=line.rate.monthly,
            yearly_deposit_rate=line.rate.yearly_deposit,
            month_days=line.rate.divisor,
            amount=line.amount,
        )


class PenaltyLine(ReckonedLine):
    """``arithmetic`` says in the language of ``Accept-Language`` how the line is reckoned."""

    arithmetic: str

    @classmethod
    def told(cls, line: ReckonedLine, language: str) -> "PenaltyLine":
        return cls(**line.model_dump(), arithmetic=_arithmetic(line).in_language(language))


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


def _arithmetic(line: ReckonedLine) -> Sentence:
    rate = percent(line.monthly_rate)
    if line.yearly_deposit_rate:
        yearly = percent(line.yearly_deposit_rate)
        rate = Sentence(
            f"({yearly.fa} ÷ {to_persian_digits(MONTHS)} + {rate.fa})",
            f"({yearly.en} ÷ {MONTHS} + {rate.en})",
        )
    days = f"{line.days} ÷ {line.month_days}"
    return Sentence(
        f"{Rial(line.base).text_fa} × {rate.fa} × {to_persian_digits(days)} = {Rial(line.amount).text_fa}",
        f"{line.base:,} Rial × {rate.en} × {days} = {line.amount:,} Rial",
    )
