"""Cancels by itself what nobody asked for again in time."""

from datetime import datetime

from chassis.clock import Clock
from chassis.database import Database, retry_conflicts
from chassis.jobs import Job
from sales.cancellations import service


def giver_up(database: Database, clock: Clock) -> Job:
    """Hourly is often enough for a period of months."""

    @retry_conflicts
    async def round_(now: datetime) -> int:
        async with database.transaction() as session:
            return await service.give_up(session, now)

    async def run() -> bool:
        return await round_(clock()) == service.GIVE_UP_BATCH

    return Job("sales.give_up", 60, run)
