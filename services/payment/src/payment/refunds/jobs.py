"""Refunds become ready once a Sheba is verified; those that wait, and wait too long, are counted."""

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from payment.refunds import queries, service
from payment.refunds.domain import RefundState

SHOWN_EVERY = 30

WAITING = Gauge("payment_refunds_waiting", "Refunds that are not paid yet", ["state"])
OVERDUE = Gauge("payment_refunds_overdue", "Refunds that are not paid and should have been")
OVERDUE_RIAL = Gauge("payment_refunds_overdue_rial", "Their sum in Rial")

log = get_logger(__name__)


def looker(database: Database, every: float) -> Job:
    async def run() -> None:
        async with database.transaction() as session:
            await service.look_for_accounts(session)

    return Job("payment.refund_accounts", every, run)


def shower(database: Database, clock: Clock) -> Job:
    """Every worker shows the figures; it says so in its log when more refunds are overdue than before."""
    known = 0

    async def run() -> None:
        nonlocal known
        async with database.transaction() as session:
            waiting = await queries.waiting(session)
            count, rial = await queries.overdue(session, clock())
        for state in RefundState:
            WAITING.labels(state).set(waiting.get(state, 0))
        OVERDUE.set(count)
        OVERDUE_RIAL.set(rial)
        if count > known:
            log.error("payment.refunds.overdue", refunds=count, rial=rial)
        known = count

    return Job("payment.refund_metrics", SHOWN_EVERY, run, exclusive=False)
