"""A whole draw: from entries in PostgreSQL to stored results, and the published program that checks it."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from bench.filling import filling
from bench.memory import peak_memory
from bench.report import Measurement
from chassis.crypto import Keyring, new_key
from chassis.database import Database, migrate
from chassis.testing.clock import MovableClock
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from sales.app import MIGRATIONS
from sales.context import Context
from sales.draws import files, holding, service
from sales.draws.documents import VERIFIER
from sales.draws.recipe import Recipe
from sales.draws.service import locked
from sales.draws.tables import Draw
from sales.eligibility.tables import Recheck
from sales.plans.tables import Offering, Plan, Quota

OFFERINGS, CHOICES = 200, 3
CLASSES = {"veterans": 20, "scrap_replacement": 50, "family_youth": 150, "ordinary": 280}
"""The cars of each class in each offering."""
FILES = ("rules.json", "commitment.json", "seed.json", "entries.txt", "result.txt")
FILL_ORDERS = """
INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id, applicant_class,
                    title, price, prepayment, state, live, version, placed_at, timeline, fingerprint)
SELECT uuidv7(), 'r' || n, $2, $2, gen_random_uuid(), $2,
       ('{veterans,scrap_replacement,family_youth,ordinary,ordinary,ordinary,ordinary}'::text[])[1 + n % 7],
       'm t', 1000000000, 100000000, 'registered', true, 1, now(), '[]', ''
FROM generate_series(1, $1::bigint) AS n
"""
FILL_ENTRIES = """
INSERT INTO draw_entries (order_id, plan_id, code, salt, applicant_class, choices)
SELECT id, plan_id, sha256(uuid_send(id)), substr(uuid_send(id), 1, 16), applicant_class,
       ARRAY[first, 1 + (first + step - 1) % 200, 1 + (first + 2 * step - 1) % 200]::smallint[]
FROM (SELECT *, 1 + (200 * power(random(), 2))::int % 200 AS first, 1 + (random() * 90)::int AS step
      FROM orders) AS orders
"""


@dataclass(frozen=True)
class Hall:
    """A draw that is closed and waits to be frozen."""

    database: Database
    context: Context
    clock: MovableClock
    plan_id: UUID
    folder: Path


@dataclass(frozen=True)
class Taken:
    seconds: float
    megabytes: float


async def measure(folder: Path, _: int, rows: int) -> list[Measurement]:
    async with hall(folder, rows) as world:
        with peak_memory() as peak:
            freezing, holding_ = await _hold(world)
        drawn = await _drawn(world)
        checked = await _verified(world)
    whole = freezing + holding_
    share = rows / 5_000_000
    detail = (
        f"freeze {freezing:,.1f} s, draw {holding_:,.1f} s; {drawn.selected:,} selected, "
        f"{drawn.reserve:,} in reserve, {OFFERINGS} offerings, {len(CLASSES)} classes, {CHOICES} choices"
    )
    return [
        Measurement(
            f"a draw of {rows:,} entries, rows to stored results", whole, "s", 60 * share, True, detail
        ),
        Measurement("its memory, all processes together", peak.megabytes, "MB", 1500 * max(share, 1), True),
        Measurement("verify_draw.py on its files", checked.seconds, "s", 60 * share, True),
        Measurement("its memory", checked.megabytes, "MB", 2000 * max(share, 1), True),
    ]


async def _hold(world: Hall) -> tuple[float, float]:
    """The seconds of the freeze and of the draw itself, each from the order to do it to the commit."""
    database, context = world.database, world.context
    async with database.transaction() as session:
        draw = await locked(session, world.plan_id)
        await service.freeze(session, context, draw, _recipe(world.clock()), uuid4(), timedelta())
    freezing = await _worked(world)
    world.clock.advance(hours=3)
    async with database.transaction() as session:
        draw = await locked(session, world.plan_id)
        await service.read(session, draw, 0, 1, ("2,345,678", "page 3"), uuid4(), world.clock())
        await service.propose(session, draw, uuid4(), world.clock())
        await service.start(session, context, draw, uuid4())
    return freezing, await _worked(world)


async def _worked(world: Hall) -> float:
    started = time.perf_counter()
    assert await holding.work(world.database, world.context)
    return time.perf_counter() - started


async def _drawn(world: Hall) -> Draw:
    async with world.database.transaction() as session:
        draw = await session.get_one(Draw, world.plan_id)
    assert draw.stage == "drawn", draw.problem
    return draw


async def _verified(world: Hall) -> Taken:
    """Runs the published program on the published files, as anybody would."""
    for name in FILES:
        with (world.folder / name).open("wb") as file:
            async for part in files.stream(world.database, world.plan_id, name):
                file.write(part)
    program = world.folder / "verify_draw.py"
    program.write_bytes(VERIFIER)
    return await asyncio.to_thread(_run, [sys.executable, str(program), str(world.folder)])


def _run(command: list[str]) -> Taken:
    started = time.perf_counter()
    _, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
    assert status == 0
    return Taken(time.perf_counter() - started, usage.ru_maxrss / 1024)


@asynccontextmanager
async def hall(folder: Path, rows: int) -> AsyncIterator[Hall]:
    """PostgreSQL with so many people registered for one plan; commits are durable."""
    with Backends(folder, open_secrets(folder)) as backends:
        url = (await backends.prepare()).owners["sales"]
        await migrate(url, MIGRATIONS)
        database, clock = Database(url), MovableClock()
        plan = _plan(clock())
        async with database.transaction() as session:
            session.add(plan)
            session.add(Draw(plan_id=plan.id, stage="registering", attempt=0, version=0))
            session.add(_rechecked(plan, clock()))
        await _fill(url, plan.id, rows)
        backends.postgres.sql("CHECKPOINT")
        context = Context(clock, Keyring.parse(f"bench:{new_key()}"))
        yield Hall(database, context, clock, plan.id, folder)
        await database.close()


async def _fill(url: str, plan_id: UUID, rows: int) -> None:
    async with filling(url, "orders", "draw_entries") as filler:
        await filler.run(FILL_ORDERS, rows, plan_id)
        await filler.run(FILL_ENTRIES)


def _rechecked(plan: Plan, now: datetime) -> Recheck:
    """The check of the entrants that follows the closing, long done."""
    counts = {"total": 0, "checked": 0, "unknown": 0, "voided": 0}
    return Recheck(id=uuid7(), plan_id=plan.id, requested_at=now, finished_at=now, **counts)


def _plan(now: datetime) -> Plan:
    return Plan(
        id=uuid7(),
        circular="bench",
        title="bench",
        kind="immediate",
        method="draw",
        stage="published",
        opens_at=now - timedelta(days=2),
        closes_at=now - timedelta(days=1),
        pay_within=timedelta(days=1),
        minimum_age=18,
        applicant_classes=list(CLASSES),
        quota_handover=["ordinary"],
        max_choices=CHOICES,
        terms={"reserve_percent": 200},
        created_by=uuid4(),
        version=1,
        offerings=[_offering(position) for position in range(OFFERINGS)],
    )


def _offering(position: int) -> Offering:
    quotas = [
        Quota(level="class", key=code, position=at, capacity=cars, sold=0)
        for at, (code, cars) in enumerate(CLASSES.items())
    ]
    return Offering(
        id=uuid7(),
        position=position,
        model="m",
        trim=str(position),
        colours=["w"],
        price=10**9,
        prepayment=10**8,
        capacity=sum(CLASSES.values()),
        sold=0,
        quotas=quotas,
    )


def _recipe(now: datetime) -> Recipe:
    at = (now + timedelta(hours=2)).astimezone(UTC)
    return Recipe.model_validate(
        {
            "witnesses": [{"name": "notary", "commitment": sha256(b"silent").hexdigest()}],
            "witnesses_until": at,
            "sources": [{"name": "index", "alternatives": [{"name": "tse", "reading": "close", "at": at}]}],
            "abort_after": at + timedelta(days=1),
        }
    )
