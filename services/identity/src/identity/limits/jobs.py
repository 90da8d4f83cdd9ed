"""Showing how much of the SMS budget is used up."""

from chassis.database import Database
from chassis.jobs import Job
from identity.context import Context
from identity.limits import service
from identity.limits.allowance import EVERYBODY
from identity.limits.metrics import SMS_LIMIT, SMS_USED

EVERY_SECONDS = 15


def watching_budget(database: Database, context: Context) -> Job:
    """Every worker shows it, so that none shows an old figure."""

    async def run() -> None:
        async with database.transaction() as session:
            for quota in context.code_rules.budget:
                SMS_USED.labels(quota.name).set(
                    await service.used(session, quota, EVERYBODY, context.clock())
                )
                SMS_LIMIT.labels(quota.name).set(quota.limit)

    return Job("identity.sms_budget", EVERY_SECONDS, run, exclusive=False)
