"""Runs go on by the clock."""

from chassis.database import Database
from chassis.jobs import Job
from identity.context import Context
from identity.inquiry_runs import service

EVERY_SECONDS = 1


def going_on(database: Database, context: Context) -> Job:
    """Puts in a run's customers, some thousands at a time, and ends it when none waits."""

    async def run() -> bool:
        async with database.transaction() as session:
            return await service.go_on(session, context.clock())

    return Job("identity.inquiry_runs", EVERY_SECONDS, run)
