"""How much of the day's money is spent, for those who are to be woken."""

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from iran import tehran_date
from notify.lanes import service

EVERY_SECONDS = 15
USED = Gauge("notify_lane_budget_used_ratio", "Of the day's budget of a lane; 1 is all of it.", ["lane"])


def watching(database: Database, clock: Clock) -> Job:
    """Every worker says it, so that it does not end with one of them."""

    async def run() -> None:
        async with database.transaction() as session:
            for lane, budget in (await service.budgets(session, tehran_date(clock()))).items():
                USED.labels(lane).set(budget.used)

    return Job("notify.lane_budgets", EVERY_SECONDS, run, exclusive=False)
