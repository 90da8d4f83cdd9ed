import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import TooManyRequests
from chassis.quotas import Quota
from chassis.service import Service
from chassis.testing.clock import MovableClock
from identity.limits import service as limits
from identity.limits.domain import Backoff, Count

THREE = Quota("three", 3, timedelta(minutes=10))
GUESSER = Backoff(
    "guesser",
    free=5,
    pause=timedelta(seconds=30),
    longest=timedelta(minutes=15),
    forget=timedelta(hours=1),
)
CROWD = Backoff(
    "crowd",
    free=5,
    pause=timedelta(seconds=30),
    longest=timedelta(minutes=15),
    forget=timedelta(hours=1),
    shared=True,
)


@pytest.fixture
def key() -> str:
    return uuid4().hex


class Desk:
    def __init__(self, service: Service, clock: MovableClock) -> None:
        self._database = service.database
        self._clock = clock

    async def spend(self, key: str) -> int:
        """Spends once: the seconds to wait, 0 when there was something left."""
        async with self._database.transaction() as session:
            if await limits.spend(session, THREE, key, self._clock()):
                return 0
            return await limits.renewal(session, THREE, key, self._clock())

    async def wait(self, rule: Backoff, key: str) -> int:
        """Counts a try: the seconds to wait, 0 when it may go on."""
        try:
            async with self._database.transaction() as session:
                await limits.count_try(session, [Count(rule, key)], self._clock())
        except TooManyRequests as refusal:
            return int(refusal.members["retry_after"])
        return 0

    async def wait_for(self, rules: list[Backoff], key: str) -> bool:
        """Whether one of several counters makes it wait."""
        try:
            async with self._database.transaction() as session:
                await limits.count_try(session, [Count(rule, key) for rule in rules], self._clock())
        except TooManyRequests:
            return True
        return False

    async def succeed_in(self, rules: list[Backoff], key: str) -> None:
        async with self._database.transaction() as session:
            await limits.forgive(session, [Count(rule, key) for rule in rules], self._clock())

    async def succeed(self, rule: Backoff, key: str) -> None:
        async with self._database.transaction() as session:
            await limits.forgive(session, [Count(rule, key)], self._clock())


@pytest.fixture
def desk(service: Service, clock: MovableClock) -> Desk:
    return Desk(service, clock)


async def test_a_quota_is_spent_exactly_by_parallel_requests(desk: Desk, key: str) -> None:
    waits = await asyncio.gather(*(desk.spend(key) for _ in range(50)))
    assert waits.count(0) == 3
    assert set(waits) == {0, 600}


async def test_a_quota_is_renewed_when_its_window_ends(desk: Desk, key: str, clock: MovableClock) -> None:
    for _ in range(3):
        assert await desk.spend(key) == 0
    clock.advance(minutes=9)
    assert await desk.spend(key) == 60
    clock.advance(minutes=1)
    assert await desk.spend(key) == 0


async def test_parallel_guesses_stop_at_the_free_ones(desk: Desk, key: str) -> None:
    waits = await asyncio.gather(*(desk.wait(GUESSER, key) for _ in range(200)))
    assert waits.count(0) == 5
    assert set(waits) == {0, 30}


async def test_pauses_double_up_to_the_longest(desk: Desk, key: str, clock: MovableClock) -> None:
    for _ in range(5):
        assert await desk.wait(GUESSER, key) == 0
    for pause in (30, 60, 120, 240, 480, 900, 900):
        assert await desk.wait(GUESSER, key) == pause
        clock.advance(seconds=pause)
        assert await desk.wait(GUESSER, key) == 0


async def test_tries_are_forgotten_after_a_quiet_time(desk: Desk, key: str, clock: MovableClock) -> None:
    for _ in range(5):
        await desk.wait(GUESSER, key)
    clock.advance(hours=1)
    assert [await desk.wait(GUESSER, key) for _ in range(6)] == [0, 0, 0, 0, 0, 30]


async def test_a_success_erases_ones_own_tries(desk: Desk, key: str) -> None:
    for _ in range(4):
        await desk.wait(GUESSER, key)
    await desk.succeed(GUESSER, key)
    assert [await desk.wait(GUESSER, key) for _ in range(6)] == [0, 0, 0, 0, 0, 30]


async def test_of_a_shared_counter_a_success_takes_back_only_itself(desk: Desk, key: str) -> None:
    for _ in range(4):
        await desk.wait(CROWD, key)
    await desk.succeed(CROWD, key)
    assert [await desk.wait(CROWD, key) for _ in range(3)] == [0, 0, 30]


async def test_a_shared_counter_starts_anew_though_it_is_never_quiet(
    desk: Desk, key: str, clock: MovableClock
) -> None:
    for _ in range(4):
        assert await desk.wait(CROWD, key) == 0
        clock.advance(minutes=15)
    assert [await desk.wait(CROWD, key) for _ in range(4)] == [0, 0, 0, 0]


async def test_counters_that_say_nothing_are_deleted(desk: Desk, key: str, service: Service) -> None:
    await desk.wait(GUESSER, key)
    async with service.database.transaction() as session:
        await limits.forget(session, desk._clock() + timedelta(hours=2))
    assert [await desk.wait(GUESSER, key) for _ in range(6)] == [0, 0, 0, 0, 0, 30]


@pytest.mark.parametrize("rule", [GUESSER, CROWD])
async def test_a_free_try_that_another_overtook_is_free(
    desk: Desk, key: str, clock: MovableClock, rule: Backoff
) -> None:
    """Clocks of processes differ, and a request may wait for another one that came later."""
    assert await desk.wait(rule, key) == 0
    clock.advance(seconds=-1)
    assert await desk.wait(rule, key) == 0
    await desk.succeed(rule, key)
    clock.advance(seconds=-1)
    assert await desk.wait(rule, key) == 0


async def test_parallel_tries_and_successes_of_one_account_do_not_deadlock(desk: Desk, key: str) -> None:
    async def come_and_go() -> None:
        if not await desk.wait_for([CROWD, GUESSER], key):
            await desk.succeed_in([CROWD, GUESSER], key)

    await asyncio.gather(*(come_and_go() for _ in range(30)))
