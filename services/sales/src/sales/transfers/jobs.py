"""Ends the transfers that nobody accepted in time."""

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from sales.transfers import service


def expirer(database: Database, clock: Clock) -> Job:
    async def run() -> bool:
        async with database.transaction() as session:
            return await service.expire(session, clock())

    return Job("sales.expire_transfers", 60, run)
