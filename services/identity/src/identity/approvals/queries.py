"""The staff's queue of changes."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.changes.tables import ChangeApproval, ProfileChange
from identity.customers.tables import Customer


class Waiting(NamedTuple):
    """A pending change, the sealed national code of whose it is, and how many are for it."""

    change: ProfileChange
    national_code: bytes
    approvals: int
    approved_by_me: bool


async def waiting(
    session: AsyncSession, staff_id: UUID, field: str | None, after: UUID | None, limit: int
) -> Sequence[Waiting]:
    """The pending changes behind ``after``, the oldest first."""
    mine = func.coalesce(func.bool_or(ChangeApproval.staff_id == staff_id), False)
    found = (
        select(ProfileChange, Customer.national_code, func.count(ChangeApproval.staff_id), mine)
        .join(Customer, Customer.id == ProfileChange.customer_id)
        .outerjoin(ChangeApproval, ChangeApproval.change_id == ProfileChange.id)
        .where(ProfileChange.state == "pending")
        .group_by(ProfileChange.id, Customer.id)
        .order_by(ProfileChange.id)
        .limit(limit)
    )
    if field is not None:
        found = found.where(ProfileChange.field == field)
    if after is not None:
        found = found.where(ProfileChange.id > after)
    return [Waiting(*row) for row in await session.execute(found)]


async def approvals(session: AsyncSession, change_id: UUID) -> Sequence[ChangeApproval]:
    """Who is for a change, the first first."""
    found = select(ChangeApproval).where(ChangeApproval.change_id == change_id)
    return (await session.scalars(found.order_by(ChangeApproval.approved_at))).all()
