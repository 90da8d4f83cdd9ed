"""A customer's own bills."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.bills.tables import Bill


async def own_bill(session: AsyncSession, customer_id: UUID, bill_id: UUID) -> Bill | None:
    return await session.scalar(select(Bill).where(Bill.id == bill_id, Bill.customer_id == customer_id))


async def own_bills_of_order(session: AsyncSession, customer_id: UUID, order_id: UUID) -> Sequence[Bill]:
    """In the order in which they were issued."""
    statement = select(Bill).where(Bill.order_id == order_id, Bill.customer_id == customer_id)
    return (await session.scalars(statement.order_by(Bill.id))).all()
