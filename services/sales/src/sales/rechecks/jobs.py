"""Takes the checks forward."""

from chassis.clock import Clock
from chassis.database import Database, retry_conflicts
from chassis.jobs import Job
from sales.rechecks.service import Void, advance

EVERY_SECONDS = 2


def rechecking(database: Database, clock: Clock, void: Void) -> Job:
    """A batch at a time, at once again while there is more."""

    @retry_conflicts
    async def run() -> bool:
        async with database.transaction() as session:
            return await advance(session, clock(), void)

    return Job("sales.recheck", EVERY_SECONDS, run)
