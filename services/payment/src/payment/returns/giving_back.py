"""Giving back what is owed: the provider between two transactions, then the ledger and the event at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import PaymentReturned
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.ledger import service as ledger
from payment.ledger.domain import UNAPPLIED, EntryKind, provider_account
from payment.payments.tables import Payment
from payment.providers.port import BankSession, Claim
from payment.returns.domain import STATE_AFTER, Method
from payment.returns.sending import send_back
from payment.returns.tables import OwedReturn
from payment.schedule import next_time

log = get_logger(__name__)

CALLS = 3
"""Sending back is a reversal, an inquiry and a refund at most."""


@dataclass(frozen=True)
class Due:
    """A return to be tried now. ``amount`` is None when the provider did not say what it holds."""

    payment_id: UUID
    bill_id: UUID
    provider: str
    session: BankSession
    amount: int | None
    reversible: bool


async def claim_due(checkout: Checkout, limit: int) -> Sequence[Due]:
    """Up to ``limit`` returns whose time has come; a crash lets go of them when the lease is over.

    Money that came at a bank, or through a provider that sends none back, is not returned here
    (``payment.deposits``).
    """
    now = checkout.clock()
    statement = (
        select(OwedReturn, Payment)
        .join(Payment, Payment.id == OwedReturn.payment_id)
        .where(OwedReturn.done_at.is_(None), ~OwedReturn.by_transfer, OwedReturn.next_try_at <= now)
        .where(Payment.authority.is_not(None), Payment.provider.in_(checkout.providers.names))
        .order_by(OwedReturn.next_try_at)
        .limit(limit)
        .with_for_update(of=OwedReturn, skip_locked=True)
    )
    async with checkout.database.transaction() as session:
        claimed = (await session.execute(statement)).all()
        for owed, _ in claimed:
            owed.tries += 1
            owed.next_try_at = now + checkout.lease(CALLS)
        return [_due(checkout, payment, now) for _, payment in claimed]


def _due(checkout: Checkout, payment: Payment, now: datetime) -> Due:
    assert payment.settled_at is not None, "money that goes back was settled"
    window = checkout.providers.named(payment.provider).capabilities.reverse_window
    claims = (Claim(payment.reference),) if payment.reference else ()
    return Due(
        payment.id,
        payment.bill_id,
        payment.provider,
        payment.bank_session(claims),
        payment.received,
        reversible=now < payment.settled_at + window,
    )


async def give_back(checkout: Checkout, due: Due) -> None:
    """Tries once; writes down that it worked, or when to try again."""
    provider = checkout.providers.named(due.provider)
    method = await send_back(provider, due.session, due.amount, reversible=due.reversible)
    now = checkout.clock()
    async with checkout.database.transaction() as session:
        bill = await session.get_one(Bill, due.bill_id, with_for_update=True)
        payment = await session.get_one(Payment, due.payment_id, with_for_update=True)
        owed = await session.get_one(OwedReturn, due.payment_id, with_for_update=True)
        if owed.done_at is not None:
            return
        if method is None:
            settings = checkout.settings
            owed.next_try_at = next_time(
                settings.return_retry, settings.return_retry_every, owed.owed_since, now
            )
            log.warning("payment.return.not_done", payment_id=str(payment.id), tries=owed.tries)
            return
        if method is Method.TRANSFERRED:
            owed.by_transfer = True
            log.info("payment.return.by_transfer", payment_id=str(payment.id))
            return
        await _write_returned(session, bill, payment, owed, method, now)


async def _write_returned(
    session: AsyncSession, bill: Bill, payment: Payment, owed: OwedReturn, method: Method, now: datetime
) -> None:
    owed.done_at = now
    payment.move(STATE_AFTER[method], now)
    if payment.received:
        await ledger.post(
            session,
            EntryKind.RETURNED,
            payment_id=payment.id,
            order_id=bill.order_id,
            debit=UNAPPLIED,
            credit=provider_account(payment.provider),
            amount=payment.received,
            at=now,
        )
    event = PaymentReturned(
        version=payment.version,
        payment_id=payment.id,
        bill_id=bill.id,
        order_id=bill.order_id,
        customer_id=bill.customer_id,
        amount=payment.received or payment.amount,
        method=method.value,
        reason=owed.reason,
    )
    await outbox.record(session, event)
    log.info(f"payment.payment.{payment.state}", payment_id=str(payment.id), bill_id=str(bill.id))
