"""Issuing bills: the prepayment of an order that was placed, and whatever else sales asks for."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillIssued
from payment.bills import service
from payment.bills.domain import BillState, Purpose
from payment.bills.numbering import Biller, new_pair
from payment.bills.reminding import Reminding
from payment.bills.tables import Bill, BilledOrder

log = get_logger(__name__)


@dataclass(frozen=True)
class Claim:
    """What is owed, by whom, for what, and until when; ``amount`` is Rial."""

    order_id: UUID
    customer_id: UUID
    purpose: Purpose
    amount: int
    due_at: datetime
    payable_late: bool = False


@dataclass(frozen=True)
class Issuer:
    biller: Biller
    reminding: Reminding

    async def first_bill(self, session: AsyncSession, claim: Claim, now: datetime) -> None:
        """The one prepayment bill of an order that was placed; none if the order has ended already."""
        order = await service.note_order(session, claim.order_id)
        known = await service.find(session, Bill.order_id == claim.order_id, Bill.purpose == claim.purpose)
        if known is None and not _has_ended(order):
            await self._issue(session, uuid7(), claim, order, now)

    async def requested_bill(self, session: AsyncSession, bill_id: UUID, claim: Claim, now: datetime) -> None:
        """A bill under the id that sales chose, once; none if it was withdrawn or its order ended."""
        order = await service.note_order(session, claim.order_id)
        request = await service.note_request(session, bill_id)
        known = await service.find(session, Bill.id == bill_id)
        if known is not None or request.withdrawn_at is not None or _has_ended(order):
            return
        due_at = max(claim.due_at, request.postponed_to or claim.due_at)
        await self._issue(session, bill_id, replace(claim, due_at=due_at), order, now)

    async def _issue(
        self, session: AsyncSession, bill_id: UUID, claim: Claim, order: BilledOrder, now: datetime
    ) -> None:
        pair = await new_pair(session, self.biller, claim.amount, now)
        bill = Bill(
            id=bill_id,
            order_id=claim.order_id,
            customer_id=order.customer_id or claim.customer_id,
            purpose=claim.purpose,
            amount=claim.amount,
            paid=0,
            state=BillState.OPEN,
            due_at=claim.due_at,
            issued_at=now,
            bank_bill_id=str(pair.bill_id) if pair else None,
            bank_payment_id=str(pair.payment_id) if pair else None,
            payable_late=claim.payable_late,
            remind_at=self.reminding.next_after(now, claim.due_at, payable_late=claim.payable_late),
            version=1,
        )
        session.add(bill)
        await session.flush()
        await outbox.record(session, _issued(bill))
        log.info(
            "payment.bill.issued", bill_id=str(bill.id), order_id=str(bill.order_id), purpose=bill.purpose
        )


def _has_ended(order: BilledOrder) -> bool:
    if order.lapsed_at is not None:
        log.info("payment.bill.not_issued", order_id=str(order.order_id), reason="order_ended")
    return order.lapsed_at is not None


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
