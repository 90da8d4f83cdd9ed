"""Drafts, requests, codes and counters do not stay longer than they are of use."""

from datetime import timedelta

from sqlalchemy import delete

from chassis.database import Database
from chassis.jobs import Job
from identity.challenges.tables import Challenge
from identity.context import Context
from identity.limits import service as limits
from identity.password_resets.tables import PasswordReset
from identity.registrations.tables import Registration

EVERY_SECONDS = 300
RESETS_KEPT = timedelta(days=1)
CODES_KEPT = timedelta(days=2)
"""Longer than anything that a code belongs to."""


def forgetting(database: Database, context: Context) -> Job:
    """Deletes drafts after their day, old requests for a password, old codes, and counters that ran out."""

    async def run() -> None:
        now = context.clock()
        async with database.transaction() as session:
            await session.execute(delete(Registration).where(Registration.expires_at < now))
            await session.execute(delete(PasswordReset).where(PasswordReset.expires_at < now - RESETS_KEPT))
            await session.execute(delete(Challenge).where(Challenge.expires_at < now - CODES_KEPT))
            await limits.forget(session, now)

    return Job("identity.forgetting", EVERY_SECONDS, run)
