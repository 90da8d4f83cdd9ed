"""Drafts, codes and counters do not stay longer than they are of use."""

from datetime import timedelta

from sqlalchemy import delete

from chassis.database import Database
from chassis.jobs import Job
from identity.challenges.tables import Challenge
from identity.context import Context
from identity.limits import service as limits
from identity.registrations.tables import Registration

EVERY_SECONDS = 300
CODES_KEPT = timedelta(days=2)


def forgetting(database: Database, context: Context) -> Job:
    """Deletes drafts after their day, their codes and other old ones, and counters that ran out."""

    async def run() -> None:
        now = context.clock()
        async with database.transaction() as session:
            await session.execute(delete(Registration).where(Registration.expires_at < now))
            await session.execute(delete(Challenge).where(Challenge.expires_at < now - CODES_KEPT))
            await limits.forget(session, now)

    return Job("identity.forgetting", EVERY_SECONDS, run)
