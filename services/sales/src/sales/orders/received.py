"""What sales knows of the money that came for an order."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from events.payment import BillPaid
from sales.schema import Base

TOWARDS_PRICE = frozenset({"deposit", "prepayment", "instalment", "principal"})
"""The bills whose money counts towards the price; the others are for fees."""


class OrderPayment(Base):
    """A bill that was paid and whose money the order took; Rial. ``bill_id`` is None for the oldest ones."""

    __tablename__ = "order_payments"

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(index=True)
    bill_id: Mapped[UUID | None]
    purpose: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[datetime]


def note_received(session: AsyncSession, event: BillPaid) -> None:
    session.add(
        OrderPayment(
            payment_id=event.payment_id,
            order_id=event.order_id,
            bill_id=event.bill_id,
            purpose=event.purpose,
            amount=event.amount,
            paid_at=event.paid_at,
        )
    )


async def received_for(session: AsyncSession, order_id: UUID) -> Sequence[OrderPayment]:
    """Oldest first."""
    query = select(OrderPayment).where(OrderPayment.order_id == order_id)
    return (await session.scalars(query.order_by(OrderPayment.paid_at, OrderPayment.payment_id))).all()


async def received_sums(session: AsyncSession, order_ids: Collection[UUID]) -> Mapping[UUID, Counter[str]]:
    """What came for each of these orders, in Rial by purpose."""
    query = (
        select(OrderPayment.order_id, OrderPayment.purpose, func.sum(OrderPayment.amount).label("total"))
        .where(OrderPayment.order_id.in_(order_ids))
        .group_by(OrderPayment.order_id, OrderPayment.purpose)
    )
    sums: dict[UUID, Counter[str]] = {order_id: Counter() for order_id in order_ids}
    for row in await session.execute(query):
        sums[row.order_id][row.purpose] = int(row.total)
    return sums
