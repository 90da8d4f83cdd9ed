"""Bringing a started payment to the bank: between two transactions, the provider opens a session.

A process that dies in between leaves a ``started`` payment: the next request for the bill (or the same
``Idempotency-Key``) goes on with it, and the sweeper ends it when nobody does. A session whose authority
was lost cannot be paid, nobody knows its address.
"""

import asyncio
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from payment.accounts import queries as accounts
from payment.checkout import Checkout
from payment.payments.domain import (
    Part,
    PaymentHasFailed,
    PaymentIsStarting,
    PaymentState,
)
from payment.payments.tables import Payment
from payment.providers.port import Opened, PaymentOrder, Refused
from payment.routing import choosing
from payment.routing.choosing import Case
from payment.routing.domain import ProviderUnavailable
from payment.schedule import next_time

log = get_logger(__name__)

LOOK_AGAIN_SECONDS = 0.1
PROVIDERS_TRIED = 2
"""In one request: each may take the time of a call, and the buyer waits."""


class BankForm(BaseModel):
    action: str
    fields: dict[str, str]


class StartedPayment(BaseModel):
    """``amount`` (Rial) is that of this payment; ``remaining`` of the bill is to be paid after it.

    ``part`` says why it is not all: the buyer ``asked`` for less, or a card carries no more in a day.
    Where the bank takes a form, ``redirect_url`` is a page of ours with it; a page of the shop may post the
    ``form`` itself.
    """

    payment_id: UUID
    redirect_url: str
    amount: int
    remaining: int
    part: Part
    provider: str
    form: BankForm | None = None

    @classmethod
    def of(cls, checkout: Checkout, payment: Payment, redirect_url: str) -> "StartedPayment":
        form = checkout.providers.named(payment.provider).handover(payment.authority or "")
        return cls(
            payment_id=payment.id,
            redirect_url=redirect_url,
            amount=payment.amount,
            remaining=payment.remaining,
            part=payment.part,
            provider=payment.provider,
            form=form and BankForm(action=form.action, fields=dict(form.fields)),
        )


async def open_session(checkout: Checkout, payment_id: UUID, *, named: bool) -> StartedPayment:
    """Opens the session, or waits for whoever is opening it; ``named``: at the buyer's provider, no other."""
    looks = int(checkout.settings.provider_timeout / LOOK_AGAIN_SECONDS)
    for _ in range(looks):
        found = await _take(checkout, payment_id)
        if isinstance(found, StartedPayment):
            return found
        if isinstance(found, Payment):
            return await _request(checkout, found, PROVIDERS_TRIED - 1 if not named else 0)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise PaymentIsStarting


async def _take(checkout: Checkout, payment_id: UUID) -> StartedPayment | Payment | None:
    """Its address if it is at the bank, the payment itself if the lease is ours now, None to wait."""
    async with checkout.database.transaction() as session:
        payment = await session.get_one(Payment, payment_id, with_for_update=True)
        if payment.redirect_url is not None:
            return StartedPayment.of(checkout, payment, payment.redirect_url)
        if payment.state is not PaymentState.STARTED:
            raise PaymentHasFailed
        if payment.is_leased(checkout.clock()):
            return None
        _lease(checkout, payment)
        return payment


async def _request(checkout: Checkout, leased: Payment, others: int) -> StartedPayment:
    """``others`` is how many providers more may be asked: nobody can pay in a session that was lost."""
    provider = checkout.providers.named(leased.provider)
    checkout.providers.trying(provider.name)
    answer = await provider.request(await _order(checkout, leased))
    checkout.providers.note(provider.name, failed=not isinstance(answer, Opened))
    async with checkout.database.transaction() as session:
        payment = await session.get_one(Payment, leased.id, with_for_update=True)
        if payment.lease_token != leased.lease_token:
            raise PaymentIsStarting
        payment.drop_lease()
        if isinstance(answer, Opened):
            return StartedPayment.of(checkout, payment, _came_to_bank(checkout, payment, answer))
        if is_going_on := others > 0 and await _goes_elsewhere(session, checkout, payment):
            _lease(checkout, payment)
        elif isinstance(answer, Refused):
            payment.move(PaymentState.FAILED, checkout.clock())
    log.warning("payment.payment.not_opened", payment_id=str(leased.id), answer=repr(answer))
    if is_going_on:
        return await _request(checkout, payment, others - 1)
    raise ProviderUnavailable


async def _order(checkout: Checkout, leased: Payment) -> PaymentOrder:
    """The national code is opened for who binds the card to it, for nobody else."""
    national_code = None
    if checkout.providers.named(leased.provider).capabilities.binds_card:
        async with checkout.database.transaction() as session:
            national_code = await accounts.national_code(session, checkout.keyring, leased.customer_id)
    return PaymentOrder(
        payment_id=leased.id,
        amount=leased.amount,
        description=f"نوبت، پرداخت {leased.id}",
        callback_url=f"{checkout.settings.public_url}/api/v1/payments/callback/{leased.provider}",
        number=leased.number or 0,
        national_code=national_code,
    )


async def _goes_elsewhere(session: AsyncSession, checkout: Checkout, payment: Payment) -> bool:
    """Gives the payment to the next provider that takes it; False when there is none."""
    offers = await choosing.offered(session, checkout, Case(payment.customer_id, payment.amount))
    another = next((name for name in offers if name != payment.provider), None)
    if another is None:
        return False
    log.info("payment.payment.goes_elsewhere", payment_id=str(payment.id), provider=another)
    payment.provider = another
    return True


def _lease(checkout: Checkout, payment: Payment) -> None:
    payment.take_lease(checkout.clock(), checkout.lease(calls=1))
    payment.renumber()


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
