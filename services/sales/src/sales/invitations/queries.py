"""Reads of invitations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.invitations.domain import InvitationState
from sales.invitations.tables import Invitation, InvitationRun


async def latest(session: AsyncSession, order_id: UUID) -> Invitation | None:
    """The order's newest invitation, whatever its state; fresh from the database."""
    query = select(Invitation).where(Invitation.order_id == order_id)
    fresh = query.order_by(Invitation.id.desc()).limit(1).execution_options(populate_existing=True)
    return await session.scalar(fresh)


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[Invitation]:
    """Newest first."""
    query = select(Invitation).where(Invitation.order_id == order_id).order_by(Invitation.id.desc())
    return (await session.scalars(query)).all()


async def issued_for(session: AsyncSession, order_ids: Collection[UUID]) -> dict[UUID, Invitation]:
    """The issued invitations of orders that the caller has locked, by order."""
    query = (
        select(Invitation)
        .where(Invitation.order_id.in_(order_ids), Invitation.state == InvitationState.ISSUED)
        .execution_options(populate_existing=True)
    )
    return {row.order_id: row for row in await session.scalars(query)}


async def overdue(session: AsyncSession, now: datetime, limit: int) -> Sequence[UUID]:
    """The orders whose invitation should have been paid by now, longest overdue first."""
    query = select(Invitation.order_id).where(
        Invitation.state == InvitationState.ISSUED, Invitation.due_at < now
    )
    return (await session.scalars(query.order_by(Invitation.due_at).limit(limit))).all()


async def given_up(session: AsyncSession, now: datetime, limit: int) -> Sequence[UUID]:
    """The orders whose car was not asked for again in time."""
    query = select(Invitation.order_id).where(
        Invitation.state == InvitationState.EXPIRED, Invitation.gives_up_at < now
    )
    return (await session.scalars(query.order_by(Invitation.gives_up_at).limit(limit))).all()


async def runs_of_plan(session: AsyncSession, plan_id: UUID) -> Sequence[InvitationRun]:
    """Newest first."""
    query = select(InvitationRun).where(InvitationRun.plan_id == plan_id)
    return (await session.scalars(query.order_by(InvitationRun.id.desc()).limit(100))).all()
