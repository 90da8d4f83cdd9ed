"""Writing down what the provider says about a payment, with all that follows from it, at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

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
from payment.ledger.service import NewEntry
from payment.payments import claims
from payment.payments.domain import ASKABLE, Outcome, PaymentState, Settlement, settlement
from payment.payments.tables import BankReference, Payment
from payment.providers.port import Conflict, NotPaid, Unanswered, Verified
from payment.returns import service as returns
from payment.schedule import next_time

log = get_logger(__name__)


@dataclass(frozen=True)
class Answered:
    """What the provider, or a bank, says about a payment of a bill that is locked."""

    bill: Bill
    payment: Payment
    outcome: Outcome


@dataclass
class _Written:
    """What is to be written of many payments at once."""

    entries: list[NewEntry] = field(default_factory=list)
    events: list[BillPaid | BillPartPaid] = field(default_factory=list)


async def settle(
    session: AsyncSession, checkout: Checkout, bill: Bill, payment: Payment, outcome: Outcome
) -> None:
    await settle_all(session, checkout, [Answered(bill, payment, outcome)])


async def settle_all(session: AsyncSession, checkout: Checkout, answers: Sequence[Answered]) -> None:
    """In the order given: what one counts for a bill, the next of that bill finds counted.

    Their references, ledger entries and events are a statement each, however many they are.
    """
    owners = await _claim_references(session, answers)
    written = _Written()
    for answer in answers:
        is_free = _takes_reference(answer, owners)
        await _settle_one(session, checkout, answer, written, is_free=is_free)
    await ledger.post_all(session, written.entries)
    await outbox.record(session, *written.events)


async def _settle_one(
    session: AsyncSession, checkout: Checkout, answer: Answered, written: _Written, *, is_free: bool
) -> None:
    now, bill, payment, outcome = checkout.clock(), answer.bill, answer.payment, answer.outcome
    settled = settlement(
        outcome,
        asked=payment.amount,
        bill=bill.state,
        reference_is_free=is_free,
        cancelled_for=bill.cancelled_for,
        is_over=isinstance(outcome, NotPaid) and await claims.is_over(session, checkout, payment),
    )
    _move(checkout, payment, settled.state, outcome, now)
    if isinstance(outcome, Unanswered):
        log.warning("payment.provider.unanswered", payment_id=str(payment.id), why=outcome.why)
    if isinstance(outcome, Verified):
        payment.card = outcome.card
    if not isinstance(outcome, Unanswered):
        await claims.let_go(session, payment)
    if settled.received:
        payment.received = settled.received
        written.entries.append(_entry(bill, payment, settled, now))
    if settled.counts:
        bill.receive(settled.received)
        written.events.append(_news(bill, payment, now))
    if settled.goes_back:
        returns.owe(session, payment.id, settled.goes_back, now)


Reference = tuple[str, str]
"""A provider, and what it calls money that came."""


async def _claim_references(session: AsyncSession, answers: Sequence[Answered]) -> Mapping[Reference, UUID]:
    """Writes the references of money down, each for its first payment; whose each is now."""
    rows = [
        {"provider": answer.payment.provider, "reference": reference, "payment_id": answer.payment.id}
        for answer in answers
        if (reference := _reference_of(answer.outcome)) is not None
    ]
    if not rows:
        return {}
    await session.execute(insert(BankReference).on_conflict_do_nothing(), rows)
    owners = select(BankReference.provider, BankReference.reference, BankReference.payment_id).where(
        BankReference.provider.in_({row["provider"] for row in rows}),
        BankReference.reference.in_([row["reference"] for row in rows]),
    )
    return {(provider, name): payment_id for provider, name, payment_id in await session.execute(owners)}


def _reference_of(outcome: Outcome) -> str | None:
    return outcome.reference if isinstance(outcome, Verified | Conflict) else None


def _takes_reference(answer: Answered, owners: Mapping[Reference, UUID]) -> bool:
    """Gives the payment its reference; False when that stands there for another one."""
    payment, reference = answer.payment, _reference_of(answer.outcome)
    if reference is None:
        return True
    owner = owners[payment.provider, reference]
    if owner != payment.id:
        log.warning("payment.reference.conflict", payment_id=str(payment.id), other_payment_id=str(owner))
        return False
    payment.reference = reference
    return True


def _move(checkout: Checkout, payment: Payment, to: PaymentState, outcome: Outcome, now: datetime) -> None:
    if to is not payment.state:
        payment.move(to, now)
        log.info(f"payment.payment.{to}", payment_id=str(payment.id), bill_id=str(payment.bill_id))
    payment.next_ask_at = _next_ask(checkout, payment, outcome, now) if to in ASKABLE else None


def _next_ask(checkout: Checkout, payment: Payment, outcome: Outcome, now: datetime) -> datetime:
    """By the steps; after an error that its provider wants to hear no more about, when its time is over."""
    settings = checkout.settings
    following = next_time(settings.ask_steps, settings.ask_rarely, payment.state_since, now)
    if isinstance(outcome, Unanswered) and outcome.heard:
        one = checkout.providers.named(payment.provider).capabilities
        return max(following, one.quiet_until(payment.session_ends_at) or now)
    return following


def _entry(bill: Bill, payment: Payment, settled: Settlement, now: datetime) -> NewEntry:
    return NewEntry.of_payment(
        EntryKind.RECEIVED,
        payment_id=payment.id,
        order_id=bill.order_id,
        debit=provider_account(payment.provider),
        credit=BUYER if settled.counts else UNAPPLIED,
        amount=settled.received,
        at=now,
    )


def _news(bill: Bill, payment: Payment, now: datetime) -> BillPaid | BillPartPaid:
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
        log.info("payment.bill.paid", bill_id=str(bill.id), order_id=str(bill.order_id))
        return BillPaid(**known, amount=bill.amount)
    log.info("payment.bill.part_paid", bill_id=str(bill.id), order_id=str(bill.order_id))
    return BillPartPaid(**known, amount=payment.amount, remaining=bill.outstanding)
