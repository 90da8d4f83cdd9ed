"""Takes the checks forward, and starts those that are due by themselves."""

from chassis.clock import Clock
from chassis.database import Database, retry_conflicts
from chassis.jobs import Job
from sales.rechecks.judging import Void
from sales.rechecks.service import advance, start_due

EVERY_SECONDS = 2


def rechecking(database: Database, clock: Clock, void: Void) -> Job:
    """A batch at a time, at once again while there is more."""

    @retry_conflicts
    async def run() -> bool:
        async with database.transaction() as session:
            return await advance(session, clock(), void) or await start_due(session, clock())

    return Job("sales.recheck", EVERY_SECONDS, run)
