"""Owing money back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from payment.bills.domain import VoidReason
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


async def decline(session: AsyncSession, payment_id: UUID, reason: VoidReason, now: datetime) -> None:
    """Voids the bill that a verified payment is for; nothing when its money goes back already."""
    bill_id = (await session.scalars(select(Payment.bill_id).where(Payment.id == payment_id))).one()
    bill = await session.get_one(Bill, bill_id, with_for_update=True)
    if any(payment.id == payment_id for payment in await _held(session, bill)):
        await void(session, bill, reason, now)


async def void(session: AsyncSession, bill: Bill, reason: VoidReason, now: datetime) -> None:
    """Cancels a bill and owes back every payment that it held; the caller has locked the bill."""
    for payment in await _held(session, bill):
        await ledger.post(
            session,
            EntryKind.DECLINED,
            payment_id=payment.id,
            order_id=bill.order_id,
            debit=BUYER,
            credit=UNAPPLIED,
            amount=payment.amount,
            at=now,
        )
        owe(session, payment.id, reason, now)
    bill.void(reason)
    log.info("payment.bill.cancelled", bill_id=str(bill.id), order_id=str(bill.order_id), reason=reason)


async def _held(session: AsyncSession, bill: Bill) -> Sequence[Payment]:
    """The verified payments that count for the bill, locked."""
    statement = (
        select(Payment)
        .outerjoin(OwedReturn, OwedReturn.payment_id == Payment.id)
        .where(Payment.bill_id == bill.id, Payment.state == PaymentState.VERIFIED)
        .where(OwedReturn.payment_id.is_(None))
        .order_by(Payment.id)
        .with_for_update(of=Payment)
    )
    return (await session.scalars(statement)).all()
