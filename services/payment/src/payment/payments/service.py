"""Starting a payment: claim it, open a session at the provider, write down where the buyer goes.

The provider is called between two transactions. A process that dies in between leaves a ``started``
payment: the next request for the bill (or the same ``Idempotency-Key``) goes on with it, and the
sweeper ends it when nobody does. A session whose authority was lost cannot be paid, nobody knows its
address.
"""

import asyncio
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.idempotency import once
from chassis.logging import get_logger
from iran import Rial
from payment.bills import service as bills
from payment.bills.domain import check_payable
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.payments import settling
from payment.payments.domain import (
    LIVE,
    AmountNotPayable,
    PaymentHasFailed,
    PaymentIsStarting,
    PaymentIsUnknown,
    PaymentState,
    ProviderUnavailable,
)
from payment.payments.tables import Payment
from payment.providers.port import Opened, PaymentOrder, Refused
from payment.schedule import next_time

log = get_logger(__name__)

LOOK_AGAIN_SECONDS = 0.1


class StartPayment(BaseModel):
    """``amount`` (Rial) may be given as a check; ``provider`` is ours to choose when missing."""

    model_config = ConfigDict(extra="forbid")

    amount: Rial | None = None
    provider: str | None = None


class Claim(BaseModel):
    """The payment that a request for a bill led to: a new one, or the one that is live."""

    payment_id: UUID


class StartedPayment(BaseModel):
    payment_id: UUID
    redirect_url: str


async def start(
    checkout: Checkout, customer_id: UUID, bill_id: UUID, key: str | None, request: StartPayment
) -> StartedPayment:
    """Where the buyer pays. Raises the rule that forbids it, or ``ProviderUnavailable``."""
    await settling.ask_when_session_ended(checkout, customer_id, bill_id)
    async with checkout.database.transaction() as session:
        claim = await once(
            session,
            key,
            f"pay:{customer_id}:{bill_id}",
            request,
            Claim,
            lambda: _claim(session, checkout, customer_id, bill_id, request),
        )
    return await _open(checkout, claim.payment_id)


async def _claim(
    session: AsyncSession, checkout: Checkout, customer_id: UUID, bill_id: UUID, request: StartPayment
) -> Claim:
    bill = await bills.find(session, Bill.id == bill_id, Bill.customer_id == customer_id, lock=True)
    if bill is None:
        raise NotFound
    check_payable(bill.state, bill.due_at, checkout.clock())
    if request.amount not in {None, bill.outstanding}:
        raise AmountNotPayable(outstanding=bill.outstanding)
    provider = checkout.providers.chosen(request.provider)
    live = await session.scalar(select(Payment).where(Payment.bill_id == bill_id, Payment.state.in_(LIVE)))
    if live is None:
        live = _new_payment(bill, provider.name, checkout)
        session.add(live)
        log.info("payment.payment.started", payment_id=str(live.id), bill_id=str(bill_id))
    elif live.state is PaymentState.UNKNOWN:
        raise PaymentIsUnknown
    return Claim(payment_id=live.id)


def _new_payment(bill: Bill, provider: str, checkout: Checkout) -> Payment:
    now = checkout.clock()
    return Payment(
        id=uuid7(),
        bill_id=bill.id,
        customer_id=bill.customer_id,
        provider=provider,
        amount=bill.outstanding,
        state=PaymentState.STARTED,
        state_since=now,
        started_at=now,
        version=1,
    )


async def _open(checkout: Checkout, payment_id: UUID) -> StartedPayment:
    """Opens the session, or waits for whoever is opening it."""
    looks = int(checkout.settings.provider_timeout / LOOK_AGAIN_SECONDS)
    for _ in range(looks):
        found = await _take(checkout, payment_id)
        if isinstance(found, StartedPayment):
            return found
        if isinstance(found, Payment):
            return await _request(checkout, found)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise PaymentIsStarting


async def _take(checkout: Checkout, payment_id: UUID) -> StartedPayment | Payment | None:
    """Its address if it is at the bank, the payment itself if the lease is ours now, None to wait."""
    async with checkout.database.transaction() as session:
        payment = await session.get_one(Payment, payment_id, with_for_update=True)
        if payment.redirect_url is not None:
            return StartedPayment(payment_id=payment_id, redirect_url=payment.redirect_url)
        if payment.state is not PaymentState.STARTED:
            raise PaymentHasFailed
        if payment.is_leased(checkout.clock()):
            return None
        payment.take_lease(checkout.clock(), checkout.lease(calls=1))
        return payment


async def _request(checkout: Checkout, leased: Payment) -> StartedPayment:
    provider = checkout.providers.named(leased.provider)
    callback_url = f"{checkout.settings.public_url}/api/v1/payments/callback/{provider.name}"
    answer = await provider.request(
        PaymentOrder(leased.id, leased.amount, f"نوبت، پرداخت {leased.id}", callback_url)
    )
    async with checkout.database.transaction() as session:
        payment = await session.get_one(Payment, leased.id, with_for_update=True)
        if payment.lease_token != leased.lease_token:
            raise PaymentIsStarting
        payment.drop_lease()
        if isinstance(answer, Opened):
            _came_to_bank(checkout, payment, answer)
            return StartedPayment(payment_id=payment.id, redirect_url=answer.redirect_url)
        if isinstance(answer, Refused):
            payment.move(PaymentState.FAILED, checkout.clock())
    log.warning("payment.payment.not_opened", payment_id=str(leased.id), answer=repr(answer))
    raise ProviderUnavailable


def _came_to_bank(checkout: Checkout, payment: Payment, opened: Opened) -> None:
    now = checkout.clock()
    settings = checkout.settings
    payment.move(PaymentState.AT_BANK, now)
    payment.authority = opened.authority
    payment.redirect_url = opened.redirect_url
    payment.session_ends_at = now + checkout.providers.named(payment.provider).capabilities.session_life
    payment.next_ask_at = next_time(settings.ask_after, settings.ask_every, now, now)
    log.info("payment.payment.at_bank", payment_id=str(payment.id))
