"""What happens to plans by the clock: seats are handed on, prices begin to hold."""

from functools import partial

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from sales.plans import prices, service

EVERY_SECONDS = 1


def plan_jobs(database: Database, clock: Clock) -> tuple[Job, ...]:
    return (
        Job("sales.handovers", EVERY_SECONDS, partial(hand_over, database, clock)),
        Job("sales.prices", EVERY_SECONDS, partial(reprice, database, clock)),
    )


async def hand_over(database: Database, clock: Clock) -> bool:
    """The seats of one plan whose time has come; true when there was one."""
    async with database.transaction() as session:
        return await service.hand_over_due(session, clock())


async def reprice(database: Database, clock: Clock) -> bool:
    async with database.transaction() as session:
        return await prices.apply_due(session, clock())
