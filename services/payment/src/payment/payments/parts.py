"""Paying a bill in parts: what a buyer asks for, no more than a card carries in a day.

The row of ``card_limits`` whose validity began last tells the ceiling. Which card a buyer takes is known when
they have paid, so what the person paid today is taken to have filled their cards one after the other: a
payment is cut to what is left of the last one, and when nothing is, to what another one carries.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from iran import end_of_day, start_of_day
from payment.ledger.domain import BANK
from payment.payments.domain import AmountNotPayable, Part, PaymentState
from payment.payments.tables import Payment
from payment.schema import Base

CAME = (PaymentState.VERIFIED, PaymentState.CONFLICTED, PaymentState.UNKNOWN)
"""The money of these has left a card, or may have, and has not come back."""


class CardLimit(Base):
    """Rial, from a day on: what a card carries in a day, and the smallest payment there is."""

    __tablename__ = "card_limits"
    __table_args__ = (
        CheckConstraint(
            "smallest_part > 0 AND daily_ceiling >= 2 * smallest_part", name="card_limits_amounts"
        ),
    )

    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    daily_ceiling: Mapped[int] = mapped_column(BigInteger)
    smallest_part: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Limit:
    """Rial. ``used`` is what the buyer's cards have carried today."""

    ceiling: int
    smallest: int
    used: int = 0

    @property
    def left(self) -> int:
        """What a card of theirs still carries today: the one they use, or another one when that is full."""
        left = self.ceiling - self.used % self.ceiling
        return left if left >= self.smallest else self.ceiling


async def limit_for(session: AsyncSession, customer_id: UUID, day: date) -> Limit:
    """Of a buyer on a day of Tehran."""
    query = select(CardLimit).where(CardLimit.valid_from <= day).order_by(CardLimit.valid_from.desc())
    row = (await session.scalars(query.limit(1))).one()
    used = select(func.coalesce(func.sum(func.coalesce(Payment.received, Payment.amount)), 0)).where(
        Payment.customer_id == customer_id,
        Payment.started_at >= start_of_day(day),
        Payment.started_at < end_of_day(day),
        Payment.state.in_(CAME),
        Payment.provider != BANK,
    )
    return Limit(row.daily_ceiling, row.smallest_part, int(await session.scalar(used) or 0))


def part_of(outstanding: int, asked: int | None, limit: Limit) -> tuple[int, Part]:
    """The amount of the next payment, and how it came about; never leaves less than the smallest payment.

    Raises ``AmountNotPayable`` for what may not be asked for.
    """
    amount = outstanding if asked is None else asked
    if not _leaves_enough(outstanding, amount, limit.smallest):
        raise AmountNotPayable(outstanding=outstanding, smallest=min(limit.smallest, outstanding))
    if amount <= limit.left or outstanding < 2 * limit.smallest:
        return amount, Part.WHOLE if amount == outstanding else Part.ASKED
    return min(limit.left, outstanding - limit.smallest), Part.CARD_CEILING


def _leaves_enough(outstanding: int, amount: int, smallest: int) -> bool:
    return amount == outstanding or smallest <= amount <= outstanding - smallest
