"""Writing down what the provider says about a payment, with all that follows from it, at once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillPaid, BillPartPaid
from payment.bills.domain import BillState
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.ledger import service as ledger
from payment.ledger.domain import BUYER, UNAPPLIED, EntryKind, provider_account
from payment.payments import claims
from payment.payments.domain import ASKABLE, Outcome, PaymentState, Settlement, settlement
from payment.payments.tables import BankReference, Payment
from payment.providers.port import Conflict, NotPaid, Unanswered, Verified
from payment.returns import service as returns
from payment.schedule import next_time

log = get_logger(__name__)


async def settle(
    session: AsyncSession, checkout: Checkout, bill: Bill, payment: Payment, outcome: Outcome
) -> None:
    now = checkout.clock()
    is_free = await _claim_reference(session, payment, outcome)
    settled = settlement(
        outcome,
        asked=payment.amount,
        bill=bill.state,
        reference_is_free=is_free,
        cancelled_for=bill.cancelled_for,
        is_over=isinstance(outcome, NotPaid) and await claims.is_over(session, checkout, payment),
    )
    _move(checkout, payment, settled.state, now)
    if isinstance(outcome, Unanswered):
        log.warning("payment.provider.unanswered", payment_id=str(payment.id), why=outcome.why)
    if isinstance(outcome, Verified):
        payment.card = outcome.card
    if not isinstance(outcome, Unanswered):
        await claims.let_go(session, payment)
    if settled.received:
        payment.received = settled.received
        await _book(session, bill, payment, settled, now)
    if settled.counts:
        bill.receive(settled.received)
        await _tell_of(session, bill, payment, now)
    if settled.goes_back:
        returns.owe(session, payment.id, settled.goes_back, now)


async def _claim_reference(session: AsyncSession, payment: Payment, outcome: Outcome) -> bool:
    """Writes the reference of money down for this payment; False when it stands there for another one."""
    if not isinstance(outcome, Verified | Conflict) or outcome.reference is None:
        return True
    row = {"provider": payment.provider, "reference": outcome.reference, "payment_id": payment.id}
    await session.execute(insert(BankReference).values(row).on_conflict_do_nothing())
    owner = await session.scalar(
        select(BankReference.payment_id).where(
            BankReference.provider == payment.provider, BankReference.reference == outcome.reference
        )
    )
    if owner != payment.id:
        log.warning("payment.reference.conflict", payment_id=str(payment.id), other_payment_id=str(owner))
        return False
    payment.reference = outcome.reference
    return True


def _move(checkout: Checkout, payment: Payment, to: PaymentState, now: datetime) -> None:
    if to is not payment.state:
        payment.move(to, now)
        log.info(f"payment.payment.{to}", payment_id=str(payment.id), bill_id=str(payment.bill_id))
    settings = checkout.settings
    payment.next_ask_at = (
        next_time(settings.ask_steps, settings.ask_rarely, payment.state_since, now)
        if to in ASKABLE
        else None
    )


async def _book(
    session: AsyncSession, bill: Bill, payment: Payment, settled: Settlement, now: datetime
) -> None:
    await ledger.post(
        session,
        EntryKind.RECEIVED,
        payment_id=payment.id,
        order_id=bill.order_id,
        debit=provider_account(payment.provider),
        credit=BUYER if settled.counts else UNAPPLIED,
        amount=settled.received,
        at=now,
    )


async def _tell_of(session: AsyncSession, bill: Bill, payment: Payment, now: datetime) -> None:
    """That the bill is paid, or how much of it."""
    assert payment.reference is not None, "a verified payment has a reference"
    known = {
        "version": bill.version,
        "bill_id": bill.id,
        "order_id": bill.order_id,
        "customer_id": bill.customer_id,
        "purpose": bill.purpose.value,
        "payment_id": payment.id,
        "reference": payment.reference,
        "paid_at": now,
    }
    if bill.state is BillState.PAID:
        await outbox.record(session, BillPaid(**known, amount=bill.amount))
        log.info("payment.bill.paid", bill_id=str(bill.id), order_id=str(bill.order_id))
    else:
        part = BillPartPaid(**known, amount=payment.amount, remaining=bill.outstanding)
        await outbox.record(session, part)
        log.info("payment.bill.part_paid", bill_id=str(bill.id), order_id=str(bill.order_id))
