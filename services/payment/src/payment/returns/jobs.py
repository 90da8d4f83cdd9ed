"""Sends back what is owed, until it is done."""

from prometheus_client import Gauge

from chassis.jobs import Job
from payment.checkout import Checkout
from payment.concurrency import side_by_side
from payment.returns import giving_back, queries

AT_ONCE = 10

OWED = Gauge("payment_returns_owed", "Payments whose money is still to be sent back")
OWED_RIAL = Gauge("payment_returns_owed_rial", "Their sum in Rial")


def sender(checkout: Checkout) -> Job:
    return Job("payment.returns", checkout.settings.return_every, lambda: send_due(checkout))


async def send_due(checkout: Checkout) -> bool:
    """One round; True when more returns may be waiting."""
    due = await giving_back.claim_due(checkout, AT_ONCE)
    await side_by_side(*(giving_back.give_back(checkout, one) for one in due))
    async with checkout.database.transaction() as session:
        count, total = await queries.owed_now(session)
    OWED.set(count)
    OWED_RIAL.set(total)
    return len(due) == AT_ONCE
