"""Reads of rule sets."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.rules.tables import RuleSet

PAGE = 100


async def newest(session: AsyncSession, before: UUID | None) -> Sequence[RuleSet]:
    """A page of all versions, newest first, those older than ``before``."""
    query = select(RuleSet).order_by(RuleSet.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(RuleSet.id < before)
    return (await session.scalars(query)).all()


async def by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, RuleSet]:
    """Those that exist."""
    rows = await session.scalars(select(RuleSet).where(RuleSet.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}
