"""Devices are remembered for as long as was said."""

from chassis.database import Database
from chassis.jobs import Job
from identity.context import Context
from identity.devices import service

EVERY_SECONDS = 3600


def forgetting(database: Database, context: Context) -> Job:
    async def run() -> None:
        async with database.transaction() as session:
            await service.forget_expired(session, context.clock())

    return Job("identity.old_devices", EVERY_SECONDS, run)
