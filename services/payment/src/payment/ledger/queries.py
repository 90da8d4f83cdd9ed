"""Reads the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.ledger.tables import LedgerEntry, LedgerPosting


@dataclass(frozen=True)
class Balance:
    """``accounts`` are sums in Rial, debits above zero; ``unbalanced`` are entries that must not exist."""

    accounts: Mapping[str, int]
    unbalanced: Sequence[UUID]

    @property
    def is_kept(self) -> bool:
        return not self.unbalanced and sum(self.accounts.values()) == 0


async def balance_check(session: AsyncSession) -> Balance:
    """The whole journal, summed by account and by entry."""
    total = func.sum(LedgerPosting.amount)
    accounts = await session.execute(
        select(LedgerPosting.account, total).group_by(LedgerPosting.account).order_by(LedgerPosting.account)
    )
    unbalanced = await session.scalars(
        select(LedgerEntry.id)
        .outerjoin(LedgerPosting)
        .group_by(LedgerEntry.id)
        .having(func.coalesce(total, 1) != 0)
    )
    return Balance({account: int(amount) for account, amount in accounts}, unbalanced.all())
