"""Reminding buyers of bills that come due, and telling them that one was not paid in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillDue, BillOverdue
from payment.bills.tables import Bill

AT_ONCE = 200

log = get_logger(__name__)


@dataclass(frozen=True)
class Reminding:
    """``before`` are the times before a bill is due at which its buyer is reminded, in seconds."""

    before: Sequence[float]

    def next_after(self, now: datetime, due_at: datetime, *, payable_late: bool) -> datetime | None:
        """When a bill's buyer is to be told next; at ``due_at`` only if they still can pay then."""
        moments = {due_at - timedelta(seconds=seconds) for seconds in self.before}
        if payable_late:
            moments.add(due_at)
        return min((moment for moment in moments if moment > now), default=None)


def reminder(database: Database, reminding: Reminding, clock: Clock, every: float) -> Job:
    return Job("payment.remind", every, partial(remind, database, reminding, clock))


async def remind(database: Database, reminding: Reminding, clock: Clock) -> bool:
    """One batch; True when more bills may be waiting. Reminders that were missed are one."""
    now = clock()
    due = select(Bill).where(Bill.remind_at <= now).order_by(Bill.remind_at).limit(AT_ONCE)
    async with database.transaction() as session:
        bills = (await session.scalars(due.with_for_update(skip_locked=True))).all()
        for bill in bills:
            bill.remind_at = reminding.next_after(now, bill.due_at, payable_late=bill.payable_late)
        await _tell(session, bills, now)
    return len(bills) == AT_ONCE


async def _tell(session: AsyncSession, bills: Sequence[Bill], now: datetime) -> None:
    for bill in bills:
        bill.version += 1
        overdue = now >= bill.due_at
        if overdue and not bill.payable_late:
            continue
        await outbox.record(session, _overdue(bill) if overdue else _due(bill))
        log.info(f"payment.bill.{'overdue' if overdue else 'due'}", bill_id=str(bill.id))


def _due(bill: Bill) -> BillDue:
    """The bank's pair pays the whole bill only."""
    whole = not bill.paid
    return BillDue(
        version=bill.version,
        bill_id=bill.id,
        order_id=bill.order_id,
        customer_id=bill.customer_id,
        purpose=bill.purpose.value,
        amount=bill.outstanding,
        bank_bill_id=(bill.bank_bill_id or "") if whole else "",
        bank_payment_id=(bill.bank_payment_id or "") if whole else "",
        due_at=bill.due_at,
    )


def _overdue(bill: Bill) -> BillOverdue:
    return BillOverdue(
        version=bill.version,
        bill_id=bill.id,
        order_id=bill.order_id,
        customer_id=bill.customer_id,
        purpose=bill.purpose.value,
        amount=bill.outstanding,
        due_at=bill.due_at,
    )
