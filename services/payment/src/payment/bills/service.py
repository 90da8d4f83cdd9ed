"""Bills are cancelled as their orders go, or as sales withdraws them; their money goes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from payment.bills.domain import BillState, VoidReason
from payment.bills.tables import Bill, BilledOrder, RequestedBill
from payment.returns import service as returns

log = get_logger(__name__)


async def lapse(session: AsyncSession, *, order_id: UUID, now: datetime) -> None:
    """Cancels what is open; remembered, so that a bill for the order is never issued later.

    A paid bill stays: the order's owner declines the money, or keeps the order.
    """
    await note_order(session, order_id, lapsed_at=now)
    statement = select(Bill).where(Bill.order_id == order_id, Bill.state == BillState.OPEN)
    for bill in await session.scalars(statement.order_by(Bill.id).with_for_update()):
        await returns.void(session, bill, "order_lapsed", now)


async def withdraw(session: AsyncSession, *, bill_id: UUID, reason: VoidReason, now: datetime) -> None:
    """Cancels the bill, paid or not, and gives its money back; remembered, so that it is not issued later."""
    await note_request(session, bill_id, withdrawn_at=now)
    bill = await find(session, Bill.id == bill_id, lock=True)
    if bill is not None and bill.state is not BillState.CANCELLED:
        await returns.void(session, bill, reason, now)


async def find(session: AsyncSession, *conditions: ColumnElement[bool], lock: bool = False) -> Bill | None:
    """The oldest bill of which all ``conditions`` are true."""
    statement = select(Bill).where(*conditions).order_by(Bill.id).limit(1)
    statement = statement.execution_options(populate_existing=True)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def note_order(session: AsyncSession, order_id: UUID, lapsed_at: datetime | None) -> datetime | None:
    """When the order lapsed, as known now; locks the order's row until the transaction ends."""
    note = insert(BilledOrder).values(order_id=order_id, lapsed_at=lapsed_at)
    return await session.scalar(
        note.on_conflict_do_update(
            index_elements=[BilledOrder.order_id],
            set_={"lapsed_at": func.coalesce(BilledOrder.lapsed_at, note.excluded.lapsed_at)},
        ).returning(BilledOrder.lapsed_at)
    )


async def note_request(
    session: AsyncSession, bill_id: UUID, withdrawn_at: datetime | None
) -> datetime | None:
    """When the bill was withdrawn, as known now; locks the request's row until the transaction ends."""
    note = insert(RequestedBill).values(bill_id=bill_id, withdrawn_at=withdrawn_at)
    return await session.scalar(
        note.on_conflict_do_update(
            index_elements=[RequestedBill.bill_id],
            set_={"withdrawn_at": func.coalesce(RequestedBill.withdrawn_at, note.excluded.withdrawn_at)},
        ).returning(RequestedBill.withdrawn_at)
    )
