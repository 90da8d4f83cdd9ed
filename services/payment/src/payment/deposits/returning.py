"""Money that goes back by transfer: what nobody sends back to a card becomes a refund to the Sheba.

The refund has the id of its payment, so there is one. It is paid in the batches of all refunds; when it is,
the payment is refunded.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from payment.accounts.queries import with_account
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.deposits.domain import AT_BANK_COUNTER
from payment.ledger import service as ledger
from payment.ledger.domain import REFUNDS, UNAPPLIED, EntryKind
from payment.payments.domain import PaymentState
from payment.payments.tables import Payment
from payment.refunds.domain import RefundState
from payment.refunds.tables import Refund
from payment.returns.tables import OwedReturn

AT_ONCE = 200
GOES_BY_TRANSFER = or_(Payment.provider == AT_BANK_COUNTER, OwedReturn.by_transfer)
"""Money that came at a bank, and such as its provider cannot send back."""
log = get_logger(__name__)


def returner(checkout: Checkout) -> Job:
    async def run() -> bool:
        return await send_on(checkout.database, checkout.clock())

    return Job("payment.deposit_returns", checkout.settings.refund_accounts_every, run)


async def send_on(database: Database, now: datetime) -> bool:
    """One round; True when more may be waiting."""
    async with database.transaction() as session:
        owed = (await session.execute(_owed())).all()
        await _make_refunds(session, owed, now)
    async with database.transaction() as session:
        paid = (await session.execute(_paid())).all()
        for one in paid:
            _end(one, now)
    return AT_ONCE in (len(owed), len(paid))


def _owed() -> Select[OwedReturn, Payment, Bill]:
    return (
        select(OwedReturn, Payment, Bill)
        .join(Payment, Payment.id == OwedReturn.payment_id)
        .join(Bill, Bill.id == Payment.bill_id)
        .outerjoin(Refund, Refund.id == OwedReturn.payment_id)
        .where(OwedReturn.done_at.is_(None), GOES_BY_TRANSFER, Refund.id.is_(None))
        .order_by(OwedReturn.payment_id)
        .limit(AT_ONCE)
        .with_for_update(of=OwedReturn, skip_locked=True)
    )


async def _make_refunds(
    session: AsyncSession, owed: Sequence[Row[OwedReturn, Payment, Bill]], now: datetime
) -> None:
    known = await with_account(session, {bill.customer_id for _, _, bill in owed})
    for one, payment, bill in owed:
        amount = payment.received or payment.amount
        state = RefundState.READY if bill.customer_id in known else RefundState.AWAITING_ACCOUNT
        session.add(
            Refund(
                id=payment.id,
                order_id=bill.order_id,
                customer_id=bill.customer_id,
                amount=amount,
                reason=one.reason,
                state=state,
                requested_at=now,
                due_at=None,
            )
        )
        await session.flush()
        await ledger.post_for_refund(
            session,
            EntryKind.REFUND_OWED,
            refund_id=payment.id,
            order_id=bill.order_id,
            postings={UNAPPLIED: amount, REFUNDS: -amount},
            at=now,
        )
        log.info("payment.refund.owed", refund_id=payment.id, order_id=bill.order_id, state=state)


def _paid() -> Select[OwedReturn, Payment]:
    return (
        select(OwedReturn, Payment)
        .join(Payment, Payment.id == OwedReturn.payment_id)
        .join(Refund, Refund.id == OwedReturn.payment_id)
        .where(
            OwedReturn.done_at.is_(None),
            GOES_BY_TRANSFER,
            Refund.state == RefundState.PAID,
        )
        .order_by(OwedReturn.payment_id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _end(one: Row[OwedReturn, Payment], now: datetime) -> None:
    owed, payment = one
    owed.done_at = now
    payment.move(PaymentState.REFUNDED, now)
    log.info("payment.payment.refunded", payment_id=str(payment.id), bill_id=str(payment.bill_id))
