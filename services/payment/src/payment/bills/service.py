"""Bills are cancelled as their orders go, or as sales withdraws them; their money goes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from payment.bills.domain import BillState, VoidReason
from payment.bills.reminding import Reminding
from payment.bills.tables import Bill, BilledOrder, RequestedBill
from payment.returns import service as returns

log = get_logger(__name__)


async def close(session: AsyncSession, *, order_id: UUID, reason: VoidReason, now: datetime) -> None:
    """Cancels what is open for an order that ended; remembered, so that no bill for it is issued later.

    A paid bill stays: sales declines its money, or asks for a refund of it.
    """
    await note_order(session, order_id, lapsed_at=now)
    statement = select(Bill).where(Bill.order_id == order_id, Bill.state == BillState.OPEN)
    for bill in await session.scalars(statement.order_by(Bill.id).with_for_update()):
        await returns.void(session, bill, reason, now)


async def withdraw(session: AsyncSession, *, bill_id: UUID, reason: VoidReason, now: datetime) -> None:
    """Cancels the bill, paid or not, and gives its money back; remembered, so that it is not issued later."""
    await note_request(session, bill_id, withdrawn_at=now)
    bill = await find(session, Bill.id == bill_id, lock=True)
    if bill is not None and bill.state is not BillState.CANCELLED:
        await returns.void(session, bill, reason, now)


async def postpone(session: AsyncSession, reminding: Reminding, *, bill_id: UUID, to: datetime) -> None:
    """A deadline moves later only; remembered for a bill that is still to come."""
    known = await note_request(session, bill_id, postponed_to=to)
    bill = await find(session, Bill.id == bill_id, Bill.state == BillState.OPEN, lock=True)
    if bill is not None and known.postponed_to is not None and bill.due_at < known.postponed_to:
        bill.due_at = known.postponed_to
        bill.remind_at = reminding.next_after(
            bill.remind_at or bill.issued_at, bill.due_at, payable_late=bill.payable_late
        )
        bill.version += 1


async def hand_over(session: AsyncSession, *, order_id: UUID, customer_id: UUID, version: int) -> None:
    """The order's bills, those that are still to come too, belong to another customer."""
    order = await note_order(session, order_id)
    if order.version >= version:
        return
    order.customer_id, order.version = customer_id, version
    await session.execute(update(Bill).where(Bill.order_id == order_id).values(customer_id=customer_id))


async def find(session: AsyncSession, *conditions: ColumnElement[bool], lock: bool = False) -> Bill | None:
    """The oldest bill of which all ``conditions`` are true."""
    statement = select(Bill).where(*conditions).order_by(Bill.id).limit(1)
    statement = statement.execution_options(populate_existing=True)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def note_order(session: AsyncSession, order_id: UUID, lapsed_at: datetime | None = None) -> BilledOrder:
    """What is known of the order now; locks its row until the transaction ends."""
    await session.execute(insert(BilledOrder).values(order_id=order_id, version=0).on_conflict_do_nothing())
    order = await session.get_one(BilledOrder, order_id, with_for_update=True, populate_existing=True)
    order.lapsed_at = order.lapsed_at or lapsed_at
    return order


async def note_request(
    session: AsyncSession,
    bill_id: UUID,
    withdrawn_at: datetime | None = None,
    postponed_to: datetime | None = None,
) -> RequestedBill:
    """What sales said of the bill, as known now; locks its row until the transaction ends."""
    await session.execute(insert(RequestedBill).values(bill_id=bill_id).on_conflict_do_nothing())
    request = await session.get_one(RequestedBill, bill_id, with_for_update=True, populate_existing=True)
    request.withdrawn_at = request.withdrawn_at or withdrawn_at
    request.postponed_to = max(filter(None, (request.postponed_to, postponed_to)), default=None)
    return request
