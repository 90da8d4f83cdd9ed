"""Writes the journal."""

from collections.abc import Mapping
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
    await _write(session, kind, {"payment_id": payment_id}, order_id, {debit: amount, credit: -amount}, at)


async def post_for_refund(
    session: AsyncSession,
    kind: EntryKind,
    *,
    refund_id: UUID,
    order_id: UUID,
    postings: Mapping[str, int],
    at: datetime,
) -> None:
    """``postings`` are Rial by account, debits above zero; a second entry of the kind: IntegrityError."""
    await _write(session, kind, {"refund_id": refund_id}, order_id, postings, at)


async def _write(
    session: AsyncSession,
    kind: EntryKind,
    cause: Mapping[str, UUID],
    order_id: UUID,
    postings: Mapping[str, int],
    at: datetime,
) -> None:
    entry_id = uuid7()
    entry = {"id": entry_id, "kind": kind, "occurred_at": at, **cause}
    await session.execute(insert(LedgerEntry).values(entry))
    rows = [
        {"entry_id": entry_id, "account": account, "order_id": order_id, "amount": amount}
        for account, amount in postings.items()
        if amount
    ]
    await session.execute(insert(LedgerPosting), rows)
