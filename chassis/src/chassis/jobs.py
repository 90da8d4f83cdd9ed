"""Work that a service does by itself, by the clock; one worker at a time holds a job's lease."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from prometheus_client import Counter
from sqlalchemy import text

from chassis.database import Database
from chassis.logging import get_logger

LEASE_SECONDS = 30
TAKE = text(
    "INSERT INTO job_leases AS held VALUES (:job, :holder, now() + make_interval(secs => :seconds))"
    " ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until"
    " WHERE held.holder = excluded.holder OR held.held_until < now() RETURNING 1"
)

FAILURES = Counter("job_failures_total", "Runs of a job that raised", ["job"])
log = get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """``run`` is called every ``every`` seconds, and again at once while it returns True.

    A run shorter than half of ``LEASE_SECONDS`` never has a twin; a longer one may, so what it does must
    be safe to do twice (claim rows with ``SKIP LOCKED``). A job that is not ``exclusive`` runs in every
    worker at once, without a lease.
    """

    name: str
    every: float
    run: Callable[[], Awaitable[bool | None]]
    exclusive: bool = True


async def run_jobs(database: Database, jobs: Sequence[Job], stop: asyncio.Event) -> None:
    """Runs until ``stop`` is set; the runs in hand are finished first."""
    holder = uuid4()
    await asyncio.gather(*(_repeat(job, _Lease(database, job.name, holder), stop) for job in jobs))


async def _repeat(job: Job, lease: "_Lease", stop: asyncio.Event) -> None:
    while not stop.is_set():
        again = await _run_logged(job, lease)
        if not again:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), job.every)


async def _run_logged(job: Job, lease: "_Lease") -> bool:
    try:
        if job.exclusive and not await lease.held():
            return False
        return bool(await job.run())
    except Exception:  # a job that fails is logged and counted; the others and its next run go on
        FAILURES.labels(job.name).inc()
        log.exception("job.failed", job=job.name)
        return False


class _Lease:
    """Of one job; renewed when half of it is over."""

    def __init__(self, database: Database, job: str, holder: UUID) -> None:
        self._database = database
        self._values = {"job": job, "holder": holder, "seconds": LEASE_SECONDS}
        self._renew_at = -math.inf

    async def held(self) -> bool:
        now = time.monotonic()
        if now < self._renew_at:
            return True
        async with self._database.transaction() as session:
            taken = (await session.execute(TAKE, self._values)).first() is not None
        if taken:
            self._renew_at = now + LEASE_SECONDS / 2
        return taken
