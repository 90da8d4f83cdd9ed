"""Bringing a started payment to the bank: between two transactions, the provider opens a session.

A process that dies in between leaves a ``started`` payment: the next request for the bill (or the same
``Idempotency-Key``) goes on with it, and the sweeper ends it when nobody does. A session whose authority
was lost cannot be paid, nobody knows its address.
"""

import asyncio
from uuid import UUID

from pydantic import BaseModel

from chassis.logging import get_logger
from payment.checkout import Checkout
from payment.payments.domain import (
    Part,
    PaymentHasFailed,
    PaymentIsStarting,
    PaymentState,
    ProviderUnavailable,
)
from payment.payments.tables import Payment
from payment.providers.port import Opened, PaymentOrder, Refused
from payment.schedule import next_time

log = get_logger(__name__)

LOOK_AGAIN_SECONDS = 0.1


class StartedPayment(BaseModel):
    """``amount`` (Rial) is that of this payment; ``remaining`` of the bill is to be paid after it.

    ``part`` says why it is not all: the buyer ``asked`` for less, or a card carries no more in a day.
    """

    payment_id: UUID
    redirect_url: str
    amount: int
    remaining: int
    part: Part

    @classmethod
    def of(cls, payment: Payment, redirect_url: str) -> "StartedPayment":
        return cls(
            payment_id=payment.id,
            redirect_url=redirect_url,
            amount=payment.amount,
            remaining=payment.remaining,
            part=payment.part,
        )


async def open_session(checkout: Checkout, payment_id: UUID) -> StartedPayment:
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
            return StartedPayment.of(payment, payment.redirect_url)
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
            return StartedPayment.of(payment, _came_to_bank(checkout, payment, answer))
        if isinstance(answer, Refused):
            payment.move(PaymentState.FAILED, checkout.clock())
    log.warning("payment.payment.not_opened", payment_id=str(leased.id), answer=repr(answer))
    raise ProviderUnavailable


def _came_to_bank(checkout: Checkout, payment: Payment, opened: Opened) -> str:
    """Where the buyer pays: at the provider, or by a page of ours that brings them there."""
    now = checkout.clock()
    settings = checkout.settings
    payment.move(PaymentState.AT_BANK, now)
    payment.authority = opened.authority
    payment.redirect_url = opened.redirect_url or (
        f"{settings.public_url}/api/v1/payments/handover/{payment.provider}/{opened.authority}"
    )
    payment.session_ends_at = now + checkout.providers.named(payment.provider).capabilities.session_life
    payment.next_ask_at = next_time(settings.ask_steps, settings.ask_rarely, now, now)
    log.info("payment.payment.at_bank", payment_id=str(payment.id))
    return payment.redirect_url
