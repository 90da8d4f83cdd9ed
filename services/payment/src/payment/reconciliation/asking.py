"""Going through a day payment by payment: the provider is asked between two transactions.

What was found and how far the day is are one transaction, so a process that dies goes on where it was.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from iran import end_of_day, start_of_day
from payment.checkout import Checkout
from payment.differences import service as differences
from payment.differences.domain import Found, Reason, Source
from payment.payments.domain import LIVE
from payment.payments.tables import Payment
from payment.providers.port import BankSession, Claim, Inquiry, Provider, Unanswered
from payment.reconciliation.domain import compared
from payment.reconciliation.tables import Reconciliation

AT_ONCE = 20
PATIENCE = timedelta(hours=6)
"""So long a provider that does not answer is asked again, before that is what the day says of a payment."""
log = get_logger(__name__)


@runtime_checkable
class TellsUnverified(Protocol):
    """A provider whose interface lists what was paid and waits to be verified."""

    async def unverified(self) -> Sequence[str] | Unanswered:
        """Their authorities; may be cut to the newest."""


async def go_on(checkout: Checkout, run: Reconciliation) -> bool:
    """The next payments of the day; False when the provider does not answer now."""
    provider = checkout.providers.named(run.provider)
    async with checkout.database.transaction() as session:
        payments = await _next(session, run)
    if not payments:
        return await _finish(checkout, run, provider)
    words = await asyncio.gather(*(provider.inquire(_session(payment)) for payment in payments))
    if _is_silent(words) and checkout.clock() < run.begun_at + PATIENCE:
        return False
    found = [
        (run.day, _found(payment, reason))
        for payment, theirs in zip(payments, words, strict=True)
        if (reason := compared(payment.state, theirs)) is not None
    ]
    async with checkout.database.transaction() as session:
        mine = await _locked(session, run)
        if mine is not None:
            mine.looked_at += len(payments)
            mine.differing += len(found)
            mine.last_at, mine.last_id = payments[-1].started_at, payments[-1].id
            await differences.note(session, Source.PROVIDER_DAY, found, checkout.clock())
    return True


async def _next(session: AsyncSession, run: Reconciliation) -> Sequence[Payment]:
    place = (Payment.started_at, Payment.id)
    statement = select(Payment).where(
        Payment.provider == run.provider,
        Payment.started_at >= start_of_day(run.day),
        Payment.started_at < end_of_day(run.day),
        Payment.authority.is_not(None),
    )
    if run.last_at is not None:
        statement = statement.where(func.row(*place) > func.row(run.last_at, run.last_id))
    return (await session.scalars(statement.order_by(*place).limit(AT_ONCE))).all()


def _session(payment: Payment) -> BankSession:
    assert payment.authority is not None, "a payment at the bank has an authority"
    claims = (Claim(payment.reference),) if payment.reference else ()
    return payment.bank_session(claims)


def _is_silent(words: Sequence[Inquiry]) -> bool:
    return any(isinstance(theirs, Unanswered) for theirs in words)


def _found(payment: Payment, reason: Reason) -> Found:
    return Found(
        reason,
        key=str(payment.id),
        institution=payment.provider,
        reference=payment.reference,
        payment_id=payment.id,
        bill_id=payment.bill_id,
        ours=payment.received or 0,
    )


async def _locked(session: AsyncSession, run: Reconciliation) -> Reconciliation | None:
    """The run, unless somebody else has gone on with it meanwhile."""
    mine = await session.get_one(Reconciliation, run.id, with_for_update=True, populate_existing=True)
    return mine if (mine.last_id, mine.done_at) == (run.last_id, None) else None


async def _finish(checkout: Checkout, run: Reconciliation, provider: Provider) -> bool:
    """What the provider itself says was paid and waits to be verified is looked for among ours."""
    waiting = await _unverified(provider)
    now = checkout.clock()
    if isinstance(waiting, Unanswered) and now < run.begun_at + PATIENCE:
        return False
    async with checkout.database.transaction() as session:
        mine = await _locked(session, run)
        if mine is None:
            return False
        strange = await _strange(session, run, [] if isinstance(waiting, Unanswered) else waiting)
        mine.differing += len(strange)
        mine.done_at = now
        await differences.note(session, Source.PROVIDER_DAY, [(run.day, one) for one in strange], now)
    log.info("payment.reconciliation.done", reconciliation_id=run.id, provider=run.provider)
    return True


async def _unverified(provider: object) -> Sequence[str] | Unanswered:
    return await provider.unverified() if isinstance(provider, TellsUnverified) else []


async def _strange(session: AsyncSession, run: Reconciliation, authorities: Sequence[str]) -> list[Found]:
    """Of what waits to be verified: what we do not know, and what we do not wait for."""
    rows = await session.scalars(
        select(Payment).where(Payment.provider == run.provider, Payment.authority.in_(authorities))
    )
    ours = {payment.authority: payment for payment in rows}
    unknown = [
        Found(Reason.UNKNOWN_HERE, key=f"{run.provider}:{one}", institution=run.provider, reference=one)
        for one in authorities
        if one not in ours
    ]
    left = [payment for payment in ours.values() if payment.state not in LIVE and payment.received is None]
    return unknown + [_found(payment, Reason.PAID_THERE) for payment in left]
