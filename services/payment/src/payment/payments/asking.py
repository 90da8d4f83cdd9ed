"""Asking the provider about a payment.

Whoever asks holds the payment's lease, so of a hundred callbacks one verifies; what somebody says whose
lease was taken over is dropped. The provider is asked outside of a transaction, what follows from its
word is one transaction. Rows are locked in the order bill, payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.payments import claims
from payment.payments.domain import ASKABLE, Outcome, PaymentState
from payment.payments.settling import settle
from payment.payments.tables import Payment
from payment.providers.port import BankSession, NotPaid, Provider, Unanswered

CALLS = 4
"""Asking is at most an inquiry, a verification, a settlement, and an inquiry when no money was found."""


@dataclass(frozen=True)
class Asking:
    """A payment whose lease is ours."""

    bill_id: UUID
    provider: str
    session: BankSession
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
        await ask_about(checkout, payment_id)


async def ask_about(checkout: Checkout, payment_id: UUID) -> None:
    """Asks about one payment; does nothing when it is settled or somebody else is asking."""
    async with checkout.database.transaction() as session:
        asking = await claim(session, checkout, payment_id)
    if asking is not None:
        await ask_and_write(checkout, asking)


async def claim(session: AsyncSession, checkout: Checkout, payment_id: UUID) -> Asking | None:
    """Leases the payment if there is something to ask and nobody is asking it."""
    payment = await session.get_one(Payment, payment_id, with_for_update=True)
    now = checkout.clock()
    if (
        payment.state not in ASKABLE
        or payment.is_leased(now)
        or payment.provider not in checkout.providers.names
        or _is_left_alone(checkout, payment, now)
    ):
        return None
    return await _lease(session, checkout, payment, now)


def _is_left_alone(checkout: Checkout, payment: Payment, now: datetime) -> bool:
    """Whether its provider has refused, and wants to be asked no more before its time is over."""
    one = checkout.providers.named(payment.provider).capabilities
    until = one.quiet_until(payment.session_ends_at)
    return until is not None and payment.next_ask_at == until and now < until


async def claim_due(checkout: Checkout, limit: int) -> Sequence[Asking]:
    """Leases up to ``limit`` payments whose time to be asked has come.

    Those of a provider that is connected no more wait until it is again.
    """
    now = checkout.clock()
    statement = (
        select(Payment)
        .where(
            Payment.state.in_(ASKABLE),
            Payment.next_ask_at <= now,
            Payment.provider.in_(checkout.providers.names),
            or_(Payment.leased_until.is_(None), Payment.leased_until <= now),
        )
        .order_by(Payment.next_ask_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    async with checkout.database.transaction() as session:
        due = (await session.scalars(statement)).all()
        return [await _lease(session, checkout, payment, now) for payment in due]


async def _lease(session: AsyncSession, checkout: Checkout, payment: Payment, now: datetime) -> Asking:
    """What browsers claim to be the payment's references is written down before anybody is asked of them."""
    token = payment.take_lease(now, checkout.lease(CALLS))
    claimed = await claims.write_down(session, checkout, payment)
    return Asking(payment.bill_id, payment.provider, payment.bank_session(claimed), token)


async def ask_and_write(checkout: Checkout, asking: Asking) -> None:
    outcome = await _ask(checkout.providers.named(asking.provider), asking.session)
    is_silent = isinstance(outcome, Unanswered) and not outcome.heard
    checkout.providers.note(asking.provider, failed=is_silent)
    async with checkout.database.transaction() as session:
        bill = await session.get_one(Bill, asking.bill_id, with_for_update=True)
        payment = await session.get_one(Payment, asking.session.payment_id, with_for_update=True)
        if payment.lease_token != asking.lease_token:
            return
        payment.drop_lease()
        await settle(session, checkout, bill, payment, outcome)


async def _ask(provider: Provider, session: BankSession) -> Outcome:
    """A provider's no to a verification may mean "not yet": the inquiry tells."""
    answer = await provider.verify(session)
    return await provider.inquire(session) if isinstance(answer, NotPaid) else answer
