"""Reads of banks' lists and of what is blocked."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.errors import NotFound
from payment.blocked.domain import WORDS
from payment.blocked.tables import BankList, BlockedDeposit, ListDifference

PAGE = 100
EXPORT_PAGE = 5_000
TITLES = ("line", "reason", "reason_fa", "reason_en", "customer_id", "amount")


async def own_deposits(session: AsyncSession, customer_id: UUID, plan_id: UUID) -> Sequence[BlockedDeposit]:
    query = select(BlockedDeposit).where(
        BlockedDeposit.plan_id == plan_id, BlockedDeposit.customer_id == customer_id
    )
    return (await session.scalars(query.order_by(BlockedDeposit.bank))).all()


async def lists(session: AsyncSession, before: UUID | None) -> Sequence[BankList]:
    """A page, newest first."""
    query = select(BankList).order_by(BankList.id.desc()).limit(PAGE)
    return (await session.scalars(query.where(BankList.id < before) if before else query)).all()


async def find_list(session: AsyncSession, list_id: UUID) -> BankList:
    """Raises ``NotFound``."""
    found = await session.get(BankList, list_id)
    if found is None:
        raise NotFound
    return found


async def exported(db: Database, list_id: UUID) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Batches of rows with a cell for each of ``TITLES``; people are named by lines, not by their codes."""
    after = 0
    while True:
        query = select(ListDifference).where(ListDifference.list_id == list_id, ListDifference.id > after)
        async with db.transaction() as session:
            rows = (await session.scalars(query.order_by(ListDifference.id).limit(EXPORT_PAGE))).all()
        if not rows:
            return
        yield [_cells(row) for row in rows]
        after = rows[-1].id


def _cells(row: ListDifference) -> Sequence[object]:
    words = WORDS[row.reason]
    return (row.line, row.reason, words.fa, words.en, row.customer_id, row.amount)
