"""Reads of refunds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.refunds.domain import RefundState
from payment.refunds.tables import Refund, RefundBatch

PAGE = 100


async def of_customer(session: AsyncSession, customer_id: UUID, order_id: UUID | None) -> Sequence[Refund]:
    """Newest first."""
    query = select(Refund).where(Refund.customer_id == customer_id).order_by(Refund.id.desc()).limit(PAGE)
    return (await session.scalars(query.where(Refund.order_id == order_id) if order_id else query)).all()


async def in_state(session: AsyncSession, state: RefundState, after: UUID | None) -> Sequence[Refund]:
    """A page, the longest waiting first."""
    query = select(Refund).where(Refund.state == state).order_by(Refund.id).limit(PAGE)
    return (await session.scalars(query.where(Refund.id > after) if after else query)).all()


async def batches(session: AsyncSession, before: UUID | None) -> Sequence[RefundBatch]:
    """A page, newest first."""
    query = select(RefundBatch).order_by(RefundBatch.id.desc()).limit(PAGE)
    return (await session.scalars(query.where(RefundBatch.id < before) if before else query)).all()


async def waiting(session: AsyncSession) -> Mapping[RefundState, int]:
    """How many refunds are not paid, by their states."""
    counted = select(Refund.state, func.count()).where(Refund.state != RefundState.PAID)
    rows = await session.execute(counted.group_by(Refund.state))
    return {row[0]: row[1] for row in rows}


async def overdue(session: AsyncSession, now: datetime) -> tuple[int, int]:
    """How many refunds should have been paid before ``now`` and are not, and their sum in Rial."""
    statement = select(func.count(), func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.state != RefundState.PAID, Refund.due_at < now
    )
    count, rial = (await session.execute(statement)).one()
    return count, int(rial)
