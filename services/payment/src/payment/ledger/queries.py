"""Reads the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.bills.tables import Bill
from payment.ledger.domain import BUYER
from payment.ledger.tables import LedgerCheck, LedgerEntry, LedgerPosting

NAMED_AT_MOST = 100


@dataclass(frozen=True)
class Balance:
    """``accounts`` are sums in Rial, debits above zero; ``unbalanced`` are entries that must not exist, of
    which no more than ``NAMED_AT_MOST`` are looked for. ``on_bills`` is what the bills say was paid, and
    ``for_bills`` what the journal says."""

    accounts: Mapping[str, int]
    unbalanced: Sequence[UUID]
    postings: int = 0
    on_bills: int = 0
    for_bills: int = 0

    @property
    def is_kept(self) -> bool:
        return self.sums_to_zero and self.bills_difference == 0

    @property
    def sums_to_zero(self) -> bool:
        """Every entry, and so all of them."""
        return not self.unbalanced and self.difference == 0

    @property
    def difference(self) -> int:
        return sum(self.accounts.values())

    @property
    def bills_difference(self) -> int:
        return self.on_bills - self.for_bills


async def balance_check(session: AsyncSession) -> Balance:
    """The whole journal: summed by account and by entry, and compared with the bills.

    The session must be fresh: all is read as of one moment.
    """
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    total = func.sum(LedgerPosting.amount)
    rows = await session.execute(
        select(LedgerPosting.account, func.count(), total)
        .group_by(LedgerPosting.account)
        .order_by(LedgerPosting.account)
    )
    accounts = {account: (count, int(amount)) for account, count, amount in rows}
    balances = {account: amount for account, (_, amount) in accounts.items()}
    return Balance(
        balances,
        await _unbalanced(session),
        postings=sum(count for count, _ in accounts.values()),
        on_bills=int(await session.scalar(select(func.coalesce(func.sum(Bill.paid), 0))) or 0),
        for_bills=await _refunded(session) - balances.get(BUYER, 0),
    )


async def _unbalanced(session: AsyncSession) -> Sequence[UUID]:
    """Entries that do not sum to zero, and those that have no postings at all."""
    wrong = (
        select(LedgerPosting.entry_id)
        .group_by(LedgerPosting.entry_id)
        .having(func.sum(LedgerPosting.amount) != 0)
        .limit(NAMED_AT_MOST)
    )
    empty = (
        select(LedgerEntry.id)
        .where(~select(LedgerPosting.entry_id).where(LedgerPosting.entry_id == LedgerEntry.id).exists())
        .limit(NAMED_AT_MOST)
    )
    return [*await session.scalars(wrong), *await session.scalars(empty)]


async def _refunded(session: AsyncSession) -> int:
    """What refunds took of the money on bills, which stay paid."""
    query = (
        select(func.coalesce(func.sum(LedgerPosting.amount), 0))
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .where(LedgerEntry.refund_id.is_not(None), LedgerPosting.account == BUYER)
    )
    return int(await session.scalar(query) or 0)


async def latest_check(session: AsyncSession) -> LedgerCheck | None:
    return await session.scalar(select(LedgerCheck).order_by(LedgerCheck.id.desc()).limit(1))


async def checks(session: AsyncSession, before: UUID | None, limit: int) -> Sequence[LedgerCheck]:
    """A page, the newest first."""
    query = select(LedgerCheck).order_by(LedgerCheck.id.desc()).limit(limit)
    return (await session.scalars(query.where(LedgerCheck.id < before) if before else query)).all()
