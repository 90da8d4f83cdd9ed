"""Bills are issued and cancelled as their orders come and go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillIssued
from payment.bills.domain import BillState, Purpose
from payment.bills.numbering import Biller, new_pair
from payment.bills.tables import Bill, BilledOrder

log = get_logger(__name__)


async def issue(
    session: AsyncSession,
    biller: Biller,
    *,
    order_id: UUID,
    customer_id: UUID,
    amount: int,
    due_at: datetime,
    now: datetime,
) -> None:
    """One prepayment bill for an order, once; none for an order that has lapsed already."""
    if await _note_order(session, order_id, lapsed_at=None) is not None:
        log.info("payment.bill.not_issued", order_id=str(order_id), reason="order_lapsed")
        return
    if await find(session, Bill.order_id == order_id, Bill.purpose == Purpose.PREPAYMENT):
        return
    pair = await new_pair(session, biller, amount, now)
    bill = Bill(
        id=uuid7(),
        order_id=order_id,
        customer_id=customer_id,
        purpose=Purpose.PREPAYMENT,
        amount=amount,
        paid=0,
        state=BillState.OPEN,
        due_at=due_at,
        issued_at=now,
        bank_bill_id=str(pair.bill_id) if pair else None,
        bank_payment_id=str(pair.payment_id) if pair else None,
        version=1,
    )
    session.add(bill)
    await session.flush()
    await outbox.record(session, _issued(bill))
    log.info("payment.bill.issued", bill_id=str(bill.id), order_id=str(order_id))


async def lapse(session: AsyncSession, *, order_id: UUID, now: datetime) -> None:
    """Cancels what is open; remembered, so that a bill for the order is never issued later.

    A paid bill stays: the order's owner declines the money, or keeps the order.
    """
    await _note_order(session, order_id, lapsed_at=now)
    statement = select(Bill).where(Bill.order_id == order_id, Bill.state == BillState.OPEN).with_for_update()
    for bill in await session.scalars(statement):
        bill.cancel()
        log.info("payment.bill.cancelled", bill_id=str(bill.id), order_id=str(order_id))


async def find(session: AsyncSession, *conditions: ColumnElement[bool], lock: bool = False) -> Bill | None:
    statement = select(Bill).where(*conditions).execution_options(populate_existing=True)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def _note_order(session: AsyncSession, order_id: UUID, lapsed_at: datetime | None) -> datetime | None:
    """When the order lapsed, as known now; locks the order's row until the transaction ends."""
    note = insert(BilledOrder).values(order_id=order_id, lapsed_at=lapsed_at)
    return await session.scalar(
        note.on_conflict_do_update(
            index_elements=[BilledOrder.order_id],
            set_={"lapsed_at": func.coalesce(BilledOrder.lapsed_at, note.excluded.lapsed_at)},
        ).returning(BilledOrder.lapsed_at)
    )


def _issued(bill: Bill) -> BillIssued:
    return BillIssued(
        version=bill.version,
        bill_id=bill.id,
        order_id=bill.order_id,
        customer_id=bill.customer_id,
        purpose=bill.purpose.value,
        amount=bill.amount,
        bank_bill_id=bill.bank_bill_id or "",
        bank_payment_id=bill.bank_payment_id or "",
        due_at=bill.due_at,
    )
