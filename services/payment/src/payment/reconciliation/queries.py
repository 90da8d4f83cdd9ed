"""Reads of reconciled days."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.reconciliation.domain import Method
from payment.reconciliation.tables import Reconciliation

PAGE = 100


async def open_inquiry(session: AsyncSession) -> Sequence[Reconciliation]:
    """The oldest open day of each provider: one that does not answer does not stop the others."""
    query = (
        select(Reconciliation)
        .where(Reconciliation.done_at.is_(None), Reconciliation.method == Method.INQUIRY)
        .order_by(Reconciliation.day.desc())
    )
    return list({run.provider: run for run in await session.scalars(query)}.values())


async def open_files(session: AsyncSession) -> Sequence[UUID]:
    """The imports of files that are still to be compared."""
    query = select(Reconciliation.import_id).where(
        Reconciliation.done_at.is_(None), Reconciliation.method == Method.FILE
    )
    return [import_id for import_id in await session.scalars(query) if import_id is not None]


async def page(
    session: AsyncSession, provider: str | None, day: date | None, before: UUID | None
) -> Sequence[Reconciliation]:
    """Newest first."""
    query = select(Reconciliation).order_by(Reconciliation.id.desc()).limit(PAGE)
    if provider is not None:
        query = query.where(Reconciliation.provider == provider)
    if day is not None:
        query = query.where(Reconciliation.day == day)
    return (await session.scalars(query.where(Reconciliation.id < before) if before else query)).all()


async def last_days(session: AsyncSession) -> Mapping[str, date]:
    """The last day of each provider that is done, in whatever way."""
    query = select(Reconciliation.provider, func.max(Reconciliation.day)).group_by(Reconciliation.provider)
    done = await session.execute(query.where(Reconciliation.done_at.is_not(None)))
    return {provider: day for provider, day in done}  # noqa: C416 - dict() does not know the types of a row
