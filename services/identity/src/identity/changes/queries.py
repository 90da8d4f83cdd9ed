"""The policy of today, and the changes that a person asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from identity.changes.domain import LOCKED, Policy
from identity.changes.tables import ChangeApproval, FieldPolicy, ProfileChange

PAGE = 50


class Policies(dict[str, Policy]):
    """By field; one that is not named is locked."""

    def __missing__(self, field: str) -> Policy:
        return LOCKED


async def policies(session: AsyncSession, now: datetime) -> Mapping[str, Policy]:
    """The newest row of each field that is valid ``now``."""
    valid = (
        select(FieldPolicy)
        .where(FieldPolicy.valid_from <= now)
        .ext(distinct_on(FieldPolicy.field))
        .order_by(FieldPolicy.field, FieldPolicy.valid_from.desc())
    )
    rows = await session.scalars(valid)
    return Policies({row.field: _policy(row) for row in rows})


def _policy(row: FieldPolicy) -> Policy:
    return Policy(row.handling, row.approvals, tuple(row.inquiries))  # type: ignore[arg-type] # the table checks it


async def pending_of(session: AsyncSession, customer_id: UUID) -> Mapping[str, ProfileChange]:
    """The pending changes of a customer by field."""
    mine = select(ProfileChange).where(
        ProfileChange.customer_id == customer_id, ProfileChange.state == "pending"
    )
    return {change.field: change for change in await session.scalars(mine)}


async def changes_of(session: AsyncSession, customer_id: UUID) -> Sequence[ProfileChange]:
    """The newest changes of a customer, whatever became of them."""
    mine = select(ProfileChange).where(ProfileChange.customer_id == customer_id)
    return (await session.scalars(mine.order_by(ProfileChange.id.desc()).limit(PAGE))).all()


async def approvals_of(session: AsyncSession, change_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many are for each of the changes that anybody is for."""
    counted = (
        select(ChangeApproval.change_id, func.count())
        .where(ChangeApproval.change_id.in_(change_ids))
        .group_by(ChangeApproval.change_id)
    )
    return {change_id: count for change_id, count in await session.execute(counted)}  # noqa: C416 - dict() does not know the types of a row
