"""Paying a bill in parts: what a buyer asks for, within what cards may carry in a day.

The ceiling of card payments is a person's, over all their cards and bills; the row of ``card_limits`` whose
validity began last tells how much it is. What is on its way counts as well as what has arrived today.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from iran import start_of_day, tehran_date
from payment.payments.domain import LIVE, AmountNotPayable, CardCeilingReached, Part, PaymentState
from payment.payments.tables import Payment
from payment.schema import Base


class CardLimit(Base):
    """Rial, from a day on: what a person's cards carry in a day, and the smallest payment there is."""

    __tablename__ = "card_limits"
    __table_args__ = (
        CheckConstraint("smallest_part > 0 AND daily_ceiling >= smallest_part", name="card_limits_amounts"),
    )

    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    daily_ceiling: Mapped[int] = mapped_column(BigInteger)
    smallest_part: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Room:
    """What cards may still carry today, in Rial."""

    ceiling: int
    left: int
    smallest: int


async def room_today(session: AsyncSession, customer_id: UUID, now: datetime) -> Room:
    """Until the transaction ends nobody else measures this customer's room."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:customer, 0))"), {"customer": str(customer_id)}
    )
    today = tehran_date(now)
    limit = (
        await session.scalars(
            select(CardLimit)
            .where(CardLimit.valid_from <= today)
            .order_by(CardLimit.valid_from.desc())
            .limit(1)
        )
    ).one()
    arrived = and_(Payment.state == PaymentState.VERIFIED, Payment.settled_at >= start_of_day(today))
    used = await session.scalar(
        select(func.coalesce(func.sum(Payment.amount), 0)).where(
            Payment.customer_id == customer_id, or_(Payment.state.in_(LIVE), arrived)
        )
    )
    left = max(limit.daily_ceiling - int(used or 0), 0)
    return Room(limit.daily_ceiling, left, limit.smallest_part)


def part_of(outstanding: int, asked: int | None, room: Room) -> tuple[int, Part]:
    """The amount of the next payment, and how it came about; never leaves less than the smallest payment.

    Raises ``AmountNotPayable`` for what may not be asked for, ``CardCeilingReached`` when today has no room.
    """
    amount = outstanding if asked is None else asked
    if not _leaves_enough(outstanding, amount, room.smallest):
        raise AmountNotPayable(outstanding=outstanding, smallest=min(room.smallest, outstanding))
    if amount <= room.left:
        return amount, Part.WHOLE if amount == outstanding else Part.ASKED
    amount = min(room.left, outstanding - room.smallest)
    if not _leaves_enough(outstanding, amount, room.smallest):
        raise CardCeilingReached(ceiling=room.ceiling)
    return amount, Part.CARD_CEILING


def _leaves_enough(outstanding: int, amount: int, smallest: int) -> bool:
    return amount == outstanding or smallest <= amount <= outstanding - smallest
