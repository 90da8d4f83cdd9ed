"""Counts what nobody has closed yet."""

from prometheus_client import Gauge

from chassis.database import Database
from chassis.jobs import Job
from payment.differences import queries
from payment.differences.domain import Reason, Source

OPEN = Gauge("payment_differences_open", "Differences that nobody has closed", ["source", "reason"])


def counter(database: Database, every: float) -> Job:
    async def run() -> None:
        async with database.transaction() as session:
            counted = await queries.open_by_reason(session)
        for source in Source:
            for reason in Reason:
                OPEN.labels(source, reason).set(counted.get((source, reason), 0))

    return Job("payment.differences", every, run)
