"""Owing money back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from payment.bills.tables import Bill
from payment.ledger import service as ledger
from payment.ledger.domain import BUYER, UNAPPLIED, EntryKind
from payment.payments.domain import PaymentState, ReturnReason
from payment.payments.tables import Payment
from payment.returns.tables import OwedReturn

log = get_logger(__name__)


def owe(session: AsyncSession, payment_id: UUID, reason: ReturnReason, now: datetime) -> None:
    """Notes that a payment's money must go back; the job sends it."""
    session.add(OwedReturn(payment_id=payment_id, reason=reason, owed_since=now, tries=0, next_try_at=now))
    log.info("payment.return.owed", payment_id=str(payment_id), reason=reason)


async def decline(session: AsyncSession, payment_id: UUID, reason: ReturnReason, now: datetime) -> None:
    """Takes a verified payment off its bill and owes it back; nothing when it goes back already."""
    bill_id = (await session.scalars(select(Payment.bill_id).where(Payment.id == payment_id))).one()
    bill = await session.get_one(Bill, bill_id, with_for_update=True)
    payment = await session.get_one(Payment, payment_id, with_for_update=True)
    if payment.state is not PaymentState.VERIFIED or await session.get(OwedReturn, payment_id) is not None:
        return
    bill.give_up(payment.amount)
    await ledger.post(
        session,
        EntryKind.DECLINED,
        payment_id=payment_id,
        order_id=bill.order_id,
        debit=BUYER,
        credit=UNAPPLIED,
        amount=payment.amount,
        at=now,
    )
    owe(session, payment_id, reason, now)
    log.info("payment.bill.cancelled", bill_id=str(bill.id), order_id=str(bill.order_id))
