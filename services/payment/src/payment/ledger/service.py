"""Writes the journal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from payment.ledger.domain import EntryKind
from payment.ledger.tables import LedgerEntry, LedgerPosting


async def post(
    session: AsyncSession,
    kind: EntryKind,
    *,
    payment_id: UUID,
    order_id: UUID,
    debit: str,
    credit: str,
    amount: int,
    at: datetime,
) -> None:
    """Moves ``amount`` Rial to ``debit`` from ``credit``; a second entry of the kind is an IntegrityError."""
    entry_id = uuid7()
    entry = {"id": entry_id, "kind": kind, "payment_id": payment_id, "occurred_at": at}
    await session.execute(insert(LedgerEntry).values(entry))
    sides = ((debit, amount), (credit, -amount))
    postings = [
        {"entry_id": entry_id, "account": account, "order_id": order_id, "amount": signed}
        for account, signed in sides
    ]
    await session.execute(insert(LedgerPosting), postings)
