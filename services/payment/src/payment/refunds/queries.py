"""Reads of refunds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
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
