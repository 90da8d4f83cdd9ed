"""Reads of differences."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from payment.differences.domain import WORDS, Reason, Source
from payment.differences.tables import Difference

PAGE = 100
EXPORT_PAGE = 5_000
TITLES = (
    *("difference_id", "source", "institution", "day", "reason", "reason_fa", "reference", "payment_id"),
    *("bill_id", "theirs", "ours", "found_at", "owner", "closed_at"),
)


@dataclass(frozen=True)
class Chosen:
    """Which differences; all of them where nothing is said."""

    source: Source | None = None
    reason: Reason | None = None
    institution: str | None = None
    day: date | None = None
    state: Literal["open", "closed"] | None = None
    owner: UUID | None = None

    def of(self, statement: Select[Difference]) -> Select[Difference]:
        for name in ("source", "reason", "institution", "day", "owner"):
            if (value := getattr(self, name)) is not None:
                statement = statement.where(getattr(Difference, name) == value)
        if self.state is not None:
            is_open = Difference.closed_at.is_(None)
            statement = statement.where(is_open if self.state == "open" else ~is_open)
        return statement


async def page(
    session: AsyncSession, chosen: Chosen, after: UUID | None, size: int = PAGE
) -> Sequence[Difference]:
    """The oldest first."""
    statement = chosen.of(select(Difference)).order_by(Difference.id).limit(size)
    return (
        await session.scalars(statement.where(Difference.id > after) if after is not None else statement)
    ).all()


async def exported(db: Database, chosen: Chosen) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Batches of rows with a cell for each of ``TITLES``."""
    after: UUID | None = None
    while True:
        async with db.transaction() as session:
            rows = await page(session, chosen, after, EXPORT_PAGE)
        if not rows:
            return
        yield [_cells(row) for row in rows]
        after = rows[-1].id


def _cells(row: Difference) -> Sequence[object]:
    return (
        *(row.id, row.source, row.institution, row.day, row.reason, WORDS[row.reason].fa, row.reference),
        *(row.payment_id, row.bill_id, row.theirs, row.ours, row.found_at, row.owner, row.closed_at),
    )


async def open_by_reason(session: AsyncSession) -> Mapping[tuple[Source, Reason], int]:
    counted = await session.execute(
        select(Difference.source, Difference.reason, func.count())
        .where(Difference.closed_at.is_(None))
        .group_by(Difference.source, Difference.reason)
    )
    return {(source, reason): count for source, reason, count in counted}
