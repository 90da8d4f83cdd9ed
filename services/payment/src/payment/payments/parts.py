"""Paying a bill in parts: what a buyer asks for, no more than a card carries in a day.

The row of ``card_limits`` whose validity began last tells the ceiling. Banks keep count of cards and days; a
payment is only cut to what one card could carry, since the buyer may hold several.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from payment.payments.domain import AmountNotPayable, Part
from payment.schema import Base


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
    ceiling: int
    smallest: int


async def limit_on(session: AsyncSession, day: date) -> Limit:
    query = select(CardLimit).where(CardLimit.valid_from <= day).order_by(CardLimit.valid_from.desc())
    row = (await session.scalars(query.limit(1))).one()
    return Limit(row.daily_ceiling, row.smallest_part)


def part_of(outstanding: int, asked: int | None, limit: Limit) -> tuple[int, Part]:
    """The amount of the next payment, and how it came about; never leaves less than the smallest payment.

    Raises ``AmountNotPayable`` for what may not be asked for.
    """
    amount = outstanding if asked is None else asked
    if not _leaves_enough(outstanding, amount, limit.smallest):
        raise AmountNotPayable(outstanding=outstanding, smallest=min(limit.smallest, outstanding))
    if amount <= limit.ceiling:
        return amount, Part.WHOLE if amount == outstanding else Part.ASKED
    return min(limit.ceiling, outstanding - limit.smallest), Part.CARD_CEILING


def _leaves_enough(outstanding: int, amount: int, smallest: int) -> bool:
    return amount == outstanding or smallest <= amount <= outstanding - smallest
