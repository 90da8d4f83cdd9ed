"""How a customer stands with the orders that were billed to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.bills.tables import Bill
from payment.payments.tables import Payment
from payment.refunds.tables import Refund
from payment.returns.tables import OwedReturn
from payment.standing.domain import Standing

PAGE = 20


@dataclass(frozen=True)
class Of:
    """Which of a customer's orders: one, or a page of those that are older than ``before``."""

    order_id: UUID | None = None
    before: UUID | None = None


async def of_customer(session: AsyncSession, customer_id: UUID, of: Of) -> Mapping[UUID, Standing]:
    """By order, the newest first."""
    orders = await _orders(session, customer_id, of)
    bills = await _bills(session, customer_id, orders)
    order_of = {bill.id: order_id for order_id, found in bills.items() for bill in found}
    payments = await _payments(session, order_of)
    refunds: Mapping[UUID, list[Refund]] = defaultdict(list)
    owed = select(Refund).where(Refund.order_id.in_(orders), Refund.customer_id == customer_id)
    for refund in await session.scalars(owed.order_by(Refund.id)):
        refunds[refund.order_id].append(refund)
    return {
        order_id: Standing(
            bills[order_id],
            [payment for payment, _ in payments[order_id]],
            [payment for payment, returning in payments[order_id] if returning],
            refunds[order_id],
        )
        for order_id in orders
    }


async def _orders(session: AsyncSession, customer_id: UUID, of: Of) -> Sequence[UUID]:
    query = select(Bill.order_id).where(Bill.customer_id == customer_id).distinct()
    if of.order_id is not None:
        query = query.where(Bill.order_id == of.order_id)
    if of.before is not None:
        query = query.where(Bill.order_id < of.before)
    return (await session.scalars(query.order_by(Bill.order_id.desc()).limit(PAGE))).all()


async def _bills(
    session: AsyncSession, customer_id: UUID, orders: Sequence[UUID]
) -> Mapping[UUID, list[Bill]]:
    found: Mapping[UUID, list[Bill]] = defaultdict(list)
    query = select(Bill).where(Bill.order_id.in_(orders), Bill.customer_id == customer_id)
    for bill in await session.scalars(query.order_by(Bill.id)):
        found[bill.order_id].append(bill)
    return found


async def _payments(
    session: AsyncSession, order_of: Mapping[UUID, UUID]
) -> Mapping[UUID, list[tuple[Payment, bool]]]:
    """By order, each with whether its money is still to be sent back."""
    found: Mapping[UUID, list[tuple[Payment, bool]]] = defaultdict(list)
    for payment, returning in await _rows(session, order_of):
        found[order_of[payment.bill_id]].append((payment, returning))
    return found


async def _rows(session: AsyncSession, bills: Iterable[UUID]) -> list[tuple[Payment, bool]]:
    query = (
        select(Payment, OwedReturn.payment_id.is_not(None))
        .outerjoin(OwedReturn, (OwedReturn.payment_id == Payment.id) & OwedReturn.done_at.is_(None))
        .where(Payment.bill_id.in_(list(bills)))
        .order_by(Payment.id)
    )
    return [(payment, returning) for payment, returning in await session.execute(query)]
