"""The statement of an order: what came, what went back, and what we hold for it after each movement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from payment.bills.domain import Purpose
from payment.bills.tables import Bill
from payment.ledger.domain import HELD, EntryKind
from payment.ledger.tables import LedgerEntry, LedgerPosting
from payment.payments.tables import Payment
from payment.refunds.tables import Refund

MOST_FOUND = 50


@dataclass(frozen=True)
class Movement:
    """One entry of the journal. ``change`` is by how much what we hold for the order grew, in Rial, and
    ``balance`` what it is after it; a payment that only counts no more changes nothing yet."""

    entry_id: UUID
    at: datetime
    kind: EntryKind
    change: int
    balance: int
    payment_id: UUID | None
    refund_id: UUID | None
    purpose: Purpose | None = None
    provider: str | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Statement:
    """``movements`` are the oldest first; ``accounts`` are the order's sums with debits above zero."""

    order_id: UUID
    customer_id: UUID
    bills: Sequence[Bill]
    movements: Sequence[Movement]
    accounts: Mapping[str, int]

    @property
    def balance(self) -> int:
        return self.movements[-1].balance if self.movements else 0

    def total(self, kind: EntryKind) -> int:
        """By how much all movements of a kind changed the balance."""
        return sum(movement.change for movement in self.movements if movement.kind is kind)


async def of_customer(session: AsyncSession, customer_id: UUID, order_id: UUID) -> Statement:
    """Raises ``NotFound`` for an order that is not the customer's."""
    found = await of_order(session, order_id)
    if found.customer_id != customer_id:
        raise NotFound
    return found


async def of_order(session: AsyncSession, order_id: UUID) -> Statement:
    """Raises ``NotFound`` for an order that was never billed."""
    bills = (await session.scalars(select(Bill).where(Bill.order_id == order_id).order_by(Bill.id))).all()
    if not bills:
        raise NotFound
    query = (
        select(LedgerEntry, LedgerPosting.account, LedgerPosting.amount)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .where(LedgerPosting.order_id == order_id)
        .order_by(LedgerEntry.occurred_at, LedgerEntry.id)
    )
    rows = [(entry, account, amount) for entry, account, amount in await session.execute(query)]
    movements = await _explained(session, bills, _movements(rows))
    return Statement(order_id, bills[-1].customer_id, bills, movements, _summed(rows))


async def orders_of_bill(session: AsyncSession, named: UUID | str) -> Sequence[UUID]:
    """Of the bill with this id, or of those that are paid at a bank by this bill id."""
    column = Bill.id if isinstance(named, UUID) else Bill.bank_bill_id
    query = select(Bill.order_id).where(column == named).distinct().order_by(Bill.order_id)
    return (await session.scalars(query.limit(MOST_FOUND))).all()


def _movements(rows: Sequence[tuple[LedgerEntry, str, int]]) -> list[Movement]:
    entries = {entry.id: entry for entry, _, _ in rows}
    changes: dict[UUID, int] = defaultdict(int)
    for entry, account, amount in rows:
        changes[entry.id] -= amount if account in HELD else 0
    made, balance = [], 0
    for entry in entries.values():
        balance += changes[entry.id]
        made.append(
            Movement(
                entry.id,
                entry.occurred_at,
                entry.kind,
                changes[entry.id],
                balance,
                entry.payment_id,
                entry.refund_id,
            )
        )
    return made


def _summed(rows: Sequence[tuple[LedgerEntry, str, int]]) -> Mapping[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for _, account, amount in rows:
        sums[account] += amount
    return dict(sorted(sums.items()))


async def _explained(
    session: AsyncSession, bills: Sequence[Bill], movements: Sequence[Movement]
) -> Sequence[Movement]:
    """With what each payment was for and the bank's references."""
    purposes = {bill.id: bill.purpose for bill in bills}
    causes = {each.payment_id for each in movements}, {each.refund_id for each in movements}
    payments = await session.scalars(select(Payment).where(Payment.id.in_(causes[0])))
    known = {payment.id: payment for payment in payments}
    refunds = await session.scalars(select(Refund).where(Refund.id.in_(causes[1])))
    references = {refund.id: refund.reference for refund in refunds}

    def explained(movement: Movement) -> Movement:
        payment = known.get(movement.payment_id) if movement.payment_id else None
        if payment is not None:
            purpose = purposes.get(payment.bill_id)
            return replace(movement, purpose=purpose, provider=payment.provider, reference=payment.reference)
        if movement.refund_id and movement.kind is EntryKind.REFUND_PAID:
            return replace(movement, reference=references.get(movement.refund_id))
        return movement

    return [explained(movement) for movement in movements]
