"""A million customers against a thousand, and a hundred thousand moved to a new key while people log in."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.registry import Registry, registry, timed
from bench.report import Measurement
from chassis.testing.eventually import eventually
from identity.context import Context
from identity.customers import queries
from identity.testing import form
from iran import NationalCode
from nobat.key_rotation import NotYet, retire, rotate
from nobat.keyrings import RINGS, KeyPlaces

FEW = 1000
MANY = 1_000_000
ROTATED = 100_000
TIMINGS = 150
WARM_UP = 20
TELLERS = 4


async def measure(folder: Path, _: int, rows: int) -> list[Measurement]:
    number = min(rows, MANY)
    async with registry(folder / "few") as few, registry(folder / "many") as many:
        await few.fill(FEW)
        await many.fill(max(number * ROTATED // MANY, FEW + 1))
        rotated = await _rotation(many)
        await many.fill(number)
        small, large = await _side_by_side(few, many)
    return [
        *(
            Measurement(
                f"{what}, p50 with {number:,} customers against {FEW:,}",
                large[what] / small[what],
                "×",
                1.2,
                at_most=True,
                detail=f"{large[what]:.2f} ms against {small[what]:.2f} ms",
            )
            for what in small
        ),
        rotated,
    ]


Works = Mapping[str, Callable[[], Awaitable[None]]]


async def _side_by_side(*worlds: Registry) -> list[dict[str, float]]:
    """Medians in milliseconds, by what is done; the worlds take turns, so that they share the weather."""
    async with AsyncExitStack() as stack:
        works = [await stack.enter_async_context(_works(world)) for world in worlds]
        times: list[dict[str, list[float]]] = [{what: [] for what in works[0]} for _ in worlds]
        for what in works[0]:
            for turn in range(WARM_UP + TIMINGS):
                for work, taken in zip(works, times, strict=True):
                    milliseconds = await timed(work[what]())
                    if turn >= WARM_UP:
                        taken[what].append(milliseconds)
    return [{what: statistics.median(found) for what, found in taken.items()} for taken in times]


@asynccontextmanager
async def _works(world: Registry) -> AsyncIterator[Works]:
    people = cycle(world.members)
    async with world.running() as (desk,), world.service().opened() as service:
        context = next(part for part in service.provides if isinstance(part, Context))

        async def look_up() -> None:
            indexes = context.vault.indexes_of(NationalCode(next(people).form["national_code"]))
            async with service.database.transaction() as session:
                assert await queries.account_of(session, indexes) is not None

        yield {
            "login": lambda: _ok(desk.log_in(next(people)), 201),
            "registration": lambda: _ok(desk.post("/registrations", form()), 202),
            "look-up by national code": look_up,
        }


async def _ok(asked: Awaitable[tuple[int, Any]], expected: int) -> None:
    status, answer = await asked
    assert status == expected, answer


async def _rotation(world: Registry) -> Measurement:
    """From the command until the old key is given up."""
    places, ring = KeyPlaces(world.folder), RINGS["identity-data"]
    async with world.running(workers=1) as (desk,):
        people, failed, stop = cycle(world.members), [], asyncio.Event()

        async def log_in() -> None:
            status, answer = await desk.log_in(next(people))
            if status != 201:
                failed.append(answer)

        tellers = [asyncio.create_task(_until(stop, log_in)) for _ in range(TELLERS)]
        started = time.perf_counter()
        await rotate(places, ring, patience=60)
        await eventually(lambda: _given_up(places), within=900, every=5)
        seconds = time.perf_counter() - started
        stop.set()
        logins = sum(await asyncio.gather(*tellers))
    count = world.filled + len(world.members)
    return Measurement(
        f"logins that failed while {count:,} customers moved to a new key",
        len(failed),
        "",
        0,
        at_most=True,
        detail=f"{logins} logins in {seconds:.0f} s",
    )


async def _until(stop: asyncio.Event, work: Callable[[], Awaitable[None]]) -> int:
    times = 0
    while not stop.is_set():
        await work()
        times += 1
    return times


async def _given_up(places: KeyPlaces) -> bool:
    try:
        await retire(places, RINGS["identity-data"], [], settle=1)
    except NotYet:
        return False
    return True
