"""What happens to invitations by the clock; any number of workers may do it at once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database, retry_conflicts
from chassis.jobs import Job
from sales.invitations import expiring, runs, shifting

Round = Callable[[AsyncSession, datetime], Awaitable[bool]]


async def expire(session: AsyncSession, now: datetime) -> bool:
    return await expiring.expire_overdue(session, now) == expiring.EXPIRE_BATCH


ROUNDS: Sequence[tuple[str, float, Round]] = (
    ("sales.expire_invitations", 1, expire),
    ("sales.issue_invitations", 1, runs.advance),
    ("sales.postpone_invitations", 2, shifting.advance),
)
"""Name, seconds between rounds, and the round: true when more is waiting."""


def invitation_jobs(database: Database, clock: Clock) -> list[Job]:
    return [Job(name, every, _in_transactions(database, clock, do)) for name, every, do in ROUNDS]


def _in_transactions(database: Database, clock: Clock, do: Round) -> Callable[[], Awaitable[bool]]:
    @retry_conflicts
    async def run() -> bool:
        async with database.transaction() as session:
            return await do(session, clock())

    return run
