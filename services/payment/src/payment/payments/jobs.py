"""The sweeper: a payment that nobody comes back for is asked about until it is settled."""

from datetime import timedelta

from sqlalchemy import or_, select

from chassis.jobs import Job
from chassis.logging import get_logger
from payment.checkout import Checkout
from payment.concurrency import side_by_side
from payment.payments import asking
from payment.payments.domain import PaymentState
from payment.payments.tables import Payment

log = get_logger(__name__)

AT_ONCE = 20


def sweeper(checkout: Checkout) -> Job:
    return Job("payment.sweep", checkout.settings.sweep_every, lambda: sweep(checkout))


async def sweep(checkout: Checkout) -> bool:
    """One round; True when more payments may be waiting."""
    await abandon_unopened(checkout)
    due = await asking.claim_due(checkout, AT_ONCE)
    await side_by_side(*(asking.ask_and_write(checkout, one) for one in due))
    return len(due) == AT_ONCE


async def abandon_unopened(checkout: Checkout) -> None:
    """Ends payments that never came to the bank: no buyer knows an address to pay them at."""
    now = checkout.clock()
    statement = (
        select(Payment)
        .where(
            Payment.state == PaymentState.STARTED,
            Payment.started_at <= now - timedelta(seconds=checkout.settings.start_grace),
            or_(Payment.leased_until.is_(None), Payment.leased_until <= now),
        )
        .with_for_update(skip_locked=True)
    )
    async with checkout.database.transaction() as session:
        for payment in await session.scalars(statement):
            payment.drop_lease()
            payment.move(PaymentState.FAILED, now)
            log.info("payment.payment.failed", payment_id=str(payment.id), reason="never_opened")
