"""Writes the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from payment.ledger.domain import EntryKind
from payment.ledger.tables import LedgerEntry, LedgerPosting


@dataclass(frozen=True)
class NewEntry:
    """What is to be written of a payment, or of a refund.

    ``postings`` are Rial by account, debits above zero; those of nothing are left out.
    """

    kind: EntryKind
    order_id: UUID
    postings: Mapping[str, int]
    at: datetime
    payment_id: UUID | None = None
    refund_id: UUID | None = None

    @classmethod
    def of_payment(
        cls,
        kind: EntryKind,
        *,
        payment_id: UUID,
        order_id: UUID,
        debit: str,
        credit: str,
        amount: int,
        at: datetime,
    ) -> Self:
        """Moves ``amount`` Rial to ``debit`` from ``credit``."""
        return cls(kind, order_id, {debit: amount, credit: -amount}, at, payment_id=payment_id)


async def post_all(session: AsyncSession, entries: Sequence[NewEntry]) -> None:
    """All in two statements; a second entry of a kind for a payment or refund is an IntegrityError."""
    if not entries:
        return
    written = [(uuid7(), entry) for entry in entries]
    rows = [
        {
            "id": entry_id,
            "kind": entry.kind,
            "occurred_at": entry.at,
            "payment_id": entry.payment_id,
            "refund_id": entry.refund_id,
        }
        for entry_id, entry in written
    ]
    postings = [
        {"entry_id": entry_id, "account": account, "order_id": entry.order_id, "amount": amount}
        for entry_id, entry in written
        for account, amount in entry.postings.items()
        if amount
    ]
    await session.execute(insert(LedgerEntry), rows)
    await session.execute(insert(LedgerPosting), postings)


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
    """One entry of a payment."""
    entry = NewEntry.of_payment(
        kind, payment_id=payment_id, order_id=order_id, debit=debit, credit=credit, amount=amount, at=at
    )
    await post_all(session, [entry])


async def post_for_refund(
    session: AsyncSession,
    kind: EntryKind,
    *,
    refund_id: UUID,
    order_id: UUID,
    postings: Mapping[str, int],
    at: datetime,
) -> None:
    """One entry of a refund."""
    await post_all(session, [NewEntry(kind, order_id, postings, at, refund_id=refund_id)])
