"""Jobs: one holder at a time, failures apart, the run in hand finished."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.jobs import FAILURES, Job, run_jobs
from chassis.testing.eventually import eventually

OFTEN = 0.01


@asynccontextmanager
async def running(database: Database, *jobs: Job) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    runner = asyncio.create_task(run_jobs(database, jobs, stop))
    try:
        yield runner
    finally:
        stop.set()
        await runner


class Counted:
    """A job that counts its runs."""

    def __init__(self, name: str) -> None:
        self.job = Job(name, OFTEN, self.run)
        self.runs = 0

    async def run(self) -> None:
        self.runs += 1

    async def has_run(self, times: int = 5) -> None:
        await eventually(self.asked, lambda runs: runs >= times)

    async def asked(self) -> int:
        return self.runs


@pytest.fixture
def name() -> str:
    return f"testing.{uuid4()}"


async def test_of_two_runners_one_holds_the_lease(database: Database, name: str) -> None:
    one, other = Counted(name), Counted(name)
    async with running(database, one.job):
        await one.has_run(1)
        async with running(database, other.job):
            await one.has_run(20)
    assert other.runs == 0


async def test_who_starts_at_the_same_time_does_not_run_at_the_same_time(
    database: Database, name: str
) -> None:
    runners = [Counted(name) for _ in range(5)]
    async with AsyncExitStack() as stack:
        for runner in runners:
            await stack.enter_async_context(running(database, runner.job))
        await eventually(lambda: total(runners), lambda runs: runs >= 20)
    assert sorted(runner.runs > 0 for runner in runners) == [False] * 4 + [True]


async def total(runners: list[Counted]) -> int:
    return sum(runner.runs for runner in runners)


async def test_a_lease_that_ran_out_is_taken_over(database: Database, name: str) -> None:
    gone, heir = Counted(name), Counted(name)
    async with running(database, gone.job):
        await gone.has_run(1)
    async with running(database, heir.job):
        async with database.transaction() as session:
            await session.execute(
                text("UPDATE job_leases SET held_until = now() - interval '1 second' WHERE job = :job"),
                {"job": name},
            )
        await heir.has_run(1)


async def test_a_failing_job_goes_on_and_stops_no_other(database: Database, name: str) -> None:
    other = Counted(f"{name}.other")
    tries = 0

    async def fail() -> None:
        nonlocal tries
        tries += 1
        raise LookupError

    async def tried() -> int:
        return tries

    async with running(database, Job(name, OFTEN, fail), other.job):
        await eventually(tried, lambda tries: tries >= 3)
        await other.has_run()
    assert FAILURES.labels(name)._value.get() == tries


async def test_a_job_with_more_to_do_runs_again_at_once(database: Database, name: str) -> None:
    left = 5

    async def run() -> bool:
        nonlocal left
        left -= 1
        return left > 0

    async def remaining() -> int:
        return left

    async with running(database, Job(name, 3600, run)):
        await eventually(remaining, lambda left: left == 0)


async def test_the_run_in_hand_is_finished_first(database: Database, name: str) -> None:
    started, finish = asyncio.Event(), asyncio.Event()
    finished = False

    async def run() -> bool:
        nonlocal finished
        started.set()
        await finish.wait()
        finished = True
        return True

    stop = asyncio.Event()
    runner = asyncio.create_task(run_jobs(database, [Job(name, OFTEN, run)], stop))
    await started.wait()
    stop.set()
    await asyncio.sleep(0.1)
    assert not runner.done()
    finish.set()
    await runner
    assert finished


async def test_a_sleeping_job_does_not_hold_up_the_end(database: Database, name: str) -> None:
    counted = Counted(name)
    async with running(database, Job(name, 3600, counted.run)):
        await counted.has_run(1)
    assert counted.runs == 1
