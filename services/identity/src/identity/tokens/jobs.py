"""Keys take turns by the clock."""

from chassis.database import Database
from chassis.jobs import Job
from identity.context import Context
from identity.tokens import service

EVERY_SECONDS = 60


def turning(database: Database, context: Context) -> Job:
    async def run() -> None:
        async with database.transaction() as session:
            await service.maintain(session, context.vault, context.clock())

    return Job("identity.signing_keys", EVERY_SECONDS, run)
