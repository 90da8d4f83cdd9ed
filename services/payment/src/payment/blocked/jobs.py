"""Closes the lists whose files were taken in."""

from chassis.clock import Clock
from chassis.database import Database
from chassis.imports import store
from chassis.jobs import Job
from payment.blocked import service


def closer(database: Database, clock: Clock, every: float) -> Job:
    async def run() -> bool:
        async with database.transaction() as session:
            ended = await store.ended(session, service.NAME, await service.open_lists(session))
            one = await service.lock_open(session, ended)
            if one is not None:
                to_its_end = ended[one.id].failure is None
                await service.go_on_closing(session, one, to_its_end=to_its_end, now=clock())
        return one is not None

    return Job("payment.blocked_lists", every, run)
