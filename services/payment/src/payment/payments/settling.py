"""Asking the provider about a payment and writing down what it says, once.

Whoever asks holds the payment's lease, so of a hundred callbacks one verifies. The provider is asked
outside of a transaction; then one transaction holds everything that follows from its word: payment,
reference, bill, ledger, events. Rows are locked in the order bill, payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillPaid
from payment.bills.domain import BillState
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.ledger import service as ledger
from payment.ledger.domain import BUYER, UNAPPLIED, EntryKind, provider_account
from payment.payments.domain import ASKABLE, Outcome, PaymentState, Settlement, settlement
from payment.payments.tables import BankReference, Payment
from payment.providers.port import NotPaid, Provider, Unanswered, Verified
from payment.returns import service as returns
from payment.schedule import next_time

log = get_logger(__name__)

CALLS = 2
"""Asking is a verification, and an inquiry when that found no money."""


@dataclass(frozen=True)
class Asking:
    """A payment whose lease is ours."""

    payment_id: UUID
    bill_id: UUID
    provider: str
    authority: str
    amount: int
    lease_token: UUID


async def ask_when_session_ended(checkout: Checkout, customer_id: UUID, bill_id: UUID) -> None:
    """Settles a payment that the buyer left at the bank, so that another one can start."""
    async with checkout.database.transaction() as session:
        payment_id = await session.scalar(
            select(Payment.id).where(
                Payment.bill_id == bill_id,
                Payment.customer_id == customer_id,
                Payment.state == PaymentState.AT_BANK,
                Payment.session_ends_at <= checkout.clock(),
            )
        )
    if payment_id is not None:
        await settle(checkout, payment_id)


async def settle(checkout: Checkout, payment_id: UUID) -> None:
    """Asks about one payment; does nothing when it is settled or somebody else is asking."""
    async with checkout.database.transaction() as session:
        payment = await session.get_one(Payment, payment_id, with_for_update=True)
        now = checkout.clock()
        if payment.state not in ASKABLE or payment.is_leased(now):
            return
        asking = lease(checkout, payment, now)
    await ask_and_write(checkout, asking)


async def claim_due(checkout: Checkout, limit: int) -> Sequence[Asking]:
    """Leases up to ``limit`` payments whose time to be asked has come."""
    now = checkout.clock()
    statement = (
        select(Payment)
        .where(
            Payment.state.in_(ASKABLE),
            Payment.next_ask_at <= now,
            or_(Payment.leased_until.is_(None), Payment.leased_until <= now),
        )
        .order_by(Payment.next_ask_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    async with checkout.database.transaction() as session:
        return [lease(checkout, payment, now) for payment in await session.scalars(statement)]


def lease(checkout: Checkout, payment: Payment, now: datetime) -> Asking:
    assert payment.authority is not None, "a payment at the bank has an authority"
    token = payment.take_lease(now, checkout.lease(CALLS))
    return Asking(payment.id, payment.bill_id, payment.provider, payment.authority, payment.amount, token)


async def ask_and_write(checkout: Checkout, asking: Asking) -> None:
    outcome = await ask(checkout.providers.named(asking.provider), asking.authority, asking.amount)
    async with checkout.database.transaction() as session:
        bill = await session.get_one(Bill, asking.bill_id, with_for_update=True)
        payment = await session.get_one(Payment, asking.payment_id, with_for_update=True)
        if payment.lease_token != asking.lease_token:
            return
        payment.drop_lease()
        await _write(session, checkout, bill, payment, outcome)


async def ask(provider: Provider, authority: str, amount: int) -> Outcome:
    """A provider's no to a verification may mean "not yet": the inquiry tells."""
    answer = await provider.verify(authority, amount)
    return await provider.inquire(authority) if isinstance(answer, NotPaid) else answer


async def _write(
    session: AsyncSession, checkout: Checkout, bill: Bill, payment: Payment, outcome: Outcome
) -> None:
    now = checkout.clock()
    is_free = not isinstance(outcome, Verified) or await _claim_reference(session, payment, outcome)
    settled = settlement(outcome, asked=payment.amount, bill=bill.state, reference_is_free=is_free)
    _move(checkout, payment, settled.state, now)
    if isinstance(outcome, Unanswered):
        log.warning("payment.provider.unanswered", payment_id=str(payment.id), why=outcome.why)
    if isinstance(outcome, Verified):
        payment.card = outcome.card
    if settled.received:
        payment.received = settled.received
        await _book(session, bill, payment, settled, now)
    if settled.counts:
        bill.receive(settled.received)
        await _tell_when_paid(session, bill, payment, now)
    if settled.goes_back:
        returns.owe(session, payment.id, settled.goes_back, now)


async def _claim_reference(session: AsyncSession, payment: Payment, verified: Verified) -> bool:
    """Writes the reference down for this payment; False when it stands there for another one."""
    row = {"provider": payment.provider, "reference": verified.reference, "payment_id": payment.id}
    await session.execute(insert(BankReference).values(row).on_conflict_do_nothing())
    owner = await session.scalar(
        select(BankReference.payment_id).where(
            BankReference.provider == payment.provider, BankReference.reference == verified.reference
        )
    )
    if owner != payment.id:
        log.warning("payment.reference.conflict", payment_id=str(payment.id), other_payment_id=str(owner))
        return False
    payment.reference = verified.reference
    return True


def _move(checkout: Checkout, payment: Payment, to: PaymentState, now: datetime) -> None:
    if to is not payment.state:
        payment.move(to, now)
        log.info(f"payment.payment.{to}", payment_id=str(payment.id), bill_id=str(payment.bill_id))
    settings = checkout.settings
    payment.next_ask_at = (
        next_time(settings.ask_after, settings.ask_every, payment.state_since, now) if to in ASKABLE else None
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


async def _tell_when_paid(session: AsyncSession, bill: Bill, payment: Payment, now: datetime) -> None:
    if bill.state is not BillState.PAID:
        return
    assert payment.reference is not None, "a verified payment has a reference"
    event = BillPaid(
        version=bill.version,
        bill_id=bill.id,
        order_id=bill.order_id,
        customer_id=bill.customer_id,
        purpose=bill.purpose.value,
        payment_id=payment.id,
        amount=bill.amount,
        reference=payment.reference,
        paid_at=now,
    )
    await outbox.record(session, event)
    log.info("payment.bill.paid", bill_id=str(bill.id), order_id=str(bill.order_id))
