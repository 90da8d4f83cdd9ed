"""Logging in: what a storm does to the rest, what argon2 allows, what a stranger learns from the time."""

import asyncio
import secrets
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import psutil
from argon2 import PasswordHasher

from bench.likeness import p_value
from bench.registry import Desk, Member, Registry, in_parallel, percentile, registry, timed
from bench.report import Measurement
from chassis.auth import TokenVerifier
from chassis.testing.tokens import TestKeys
from identity.testing import form

STORM = 50
CONTAINER_MIB = 384
"""What a process has in compose.yaml."""
PROBED_EVERY = 0.02
TIMINGS = 200


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    async with registry(folder) as world:
        return [
            *await _storm(world, seconds),
            *await _capacity(world, seconds),
            *await _token_check(),
            *await _likeness(world),
        ]


async def _storm(world: Registry, seconds: int) -> list[Measurement]:
    """``STORM`` people log in at a time, again and again, while others only look and refresh."""
    async with world.running() as (desk,):
        people = cycle(world.members)
        refresh = await _refreshing(desk, next(people))
        process = psutil.Process(desk.pid)
        before = process.memory_info().rss
        storm = asyncio.create_task(in_parallel(STORM, seconds, lambda: desk.log_in(next(people))))
        await asyncio.sleep(0.5)
        looks, refreshes, peak = [], [], before
        while not storm.done():
            await asyncio.sleep(PROBED_EVERY)
            looks.append(await timed(desk.is_alive()))
            refreshes.append(await timed(refresh()))
            peak = max(peak, process.memory_info().rss)
        logins = await storm
    detail = f"{logins / seconds:.0f} logins/s, {len(looks)} probes"
    return [
        _at_most(f"/livez during {STORM} parallel logins, p99", percentile(looks, 0.99), "ms", 100, detail),
        _at_most("token refresh meanwhile, p99", percentile(refreshes, 0.99), "ms", 100, detail),
        _at_most(
            "memory of the process at its peak",
            peak / 2**20,
            "MiB",
            CONTAINER_MIB,
            f"{before / 2**20:.0f} MiB before",
        ),
    ]


async def _refreshing(desk: Desk, member: Member) -> Callable[[], Awaitable[None]]:
    _, tokens = await desk.log_in(member)

    async def refresh() -> None:
        nonlocal tokens
        status, tokens = await desk.post("/sessions/refresh", {"refresh_token": tokens["refresh_token"]})
        assert status == 201, tokens

    return refresh


async def _capacity(world: Registry, seconds: int) -> list[Measurement]:
    found = []
    for processes in (1, 2):
        alone = await asyncio.to_thread(_argon2_alone, processes, seconds)
        async with world.running(apis=processes, hash_workers="1") as desks:
            rate, spent = await _logins(world, desks, seconds)
        again = await asyncio.to_thread(_argon2_alone, processes, seconds)
        reference = (alone + again) / 2
        found.append(
            Measurement(
                f"logins with {processes} process{'es' if processes > 1 else ''} of one hashing thread,"
                " against argon2 alone in as many threads",
                rate / reference,
                "×",
                0.9,
                detail=f"{rate:.1f}/s against {reference:.1f}/s ({alone:.1f}, {again:.1f}); a login costs"
                f" identity {spent:.1f} ms of CPU, argon2 {1000 * processes / reference:.1f} of them",
            )
        )
    return found


async def _logins(world: Registry, desks: list[Desk], seconds: int) -> tuple[float, float]:
    """Logins a second, and milliseconds of the processes' CPU for each."""
    people, turns = cycle(world.members), cycle(desks)

    async def log_in() -> None:
        status, answer = await next(turns).log_in(next(people))
        assert status == 201, answer

    await in_parallel(4 * len(desks), 1, log_in)
    before = _cpu_seconds(desks)
    logins = await in_parallel(4 * len(desks), seconds, log_in)
    return logins / seconds, (_cpu_seconds(desks) - before) / logins * 1000


def _cpu_seconds(desks: list[Desk]) -> float:
    times = [psutil.Process(desk.pid).cpu_times() for desk in desks]
    return sum(spent.user + spent.system for spent in times)


def _argon2_alone(threads: int, seconds: int) -> float:
    """Verifications a second with the product's parameters and nothing else at work."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
    hashed = hasher.hash("password")
    until = time.monotonic() + seconds

    def work() -> int:
        times = 0
        while time.monotonic() < until:
            hasher.verify(hashed, "password")
            times += 1
        return times

    with ThreadPoolExecutor(threads) as pool:
        return sum(future.result() for future in [pool.submit(work) for _ in range(threads)]) / seconds


async def _token_check() -> list[Measurement]:
    keys = TestKeys()
    verifier, tokens = TokenVerifier(keys), [keys.token(uuid4()) for _ in range(2000)]
    first = [await timed(verifier.verify(token)) for token in tokens]
    warm = [await timed(verifier.verify(token)) for _ in range(20) for token in tokens]
    return [
        _at_most(
            "check of an access token that was seen before (gateway and services), median",
            statistics.median(warm) * 1000,
            "µs",
            20,
            f"the first time {statistics.median(first) * 1000:.0f} µs",
        )
    ]


async def _likeness(world: Registry) -> list[Measurement]:
    """Known and unknown national codes, in a random order, one request at a time."""
    async with world.running() as (desk,):
        return [await _compare(desk, world.members, question) for question in QUESTIONS]


@dataclass(frozen=True)
class Question:
    """What is asked, and what everybody is answered."""

    name: str
    path: str
    body: Callable[[dict[str, object]], dict[str, object]]
    status: int


def _login(typed: dict[str, object]) -> dict[str, object]:
    return {"national_code": typed["national_code"], "password": "a wrong password"}


def _registration(typed: dict[str, object]) -> dict[str, object]:
    return {**form(), "national_code": typed["national_code"]}


def _reset(typed: dict[str, object]) -> dict[str, object]:
    return {"national_code": typed["national_code"], "mobile": typed["mobile"]}


QUESTIONS = (
    Question("login", "/sessions", _login, 401),
    Question("registration", "/registrations", _registration, 202),
    Question("reset", "/password-resets", _reset, 202),
)


async def _compare(desk: Desk, members: Sequence[Member], question: Question) -> Measurement:
    known = [member.form for member in members[:TIMINGS]]
    requests = [(True, typed) for typed in known] + [(False, form()) for _ in known]
    secrets.SystemRandom().shuffle(requests)
    times: dict[bool, list[float]] = {True: [], False: []}
    for is_known, typed in [*((False, form()) for _ in range(10)), *requests]:
        started = time.perf_counter()
        status, answer = await desk.post(question.path, question.body(typed))
        times[is_known].append((time.perf_counter() - started) * 1000)
        assert status == question.status, (question.name, answer)
    times[False] = times[False][10:]
    medians = {is_known: statistics.median(found) for is_known, found in times.items()}
    return Measurement(
        f"known and unknown people at {question.name}: how likely times like these are by chance",
        p_value(times[True], times[False]),
        "p",
        0.01,
        detail=f"medians {medians[True]:.2f} and {medians[False]:.2f} ms of {TIMINGS} each, Mann-Whitney",
    )


def _at_most(what: str, value: float, unit: str, target: float, detail: str) -> Measurement:
    return Measurement(what, value, unit, target, at_most=True, detail=detail)
