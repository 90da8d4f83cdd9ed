"""From the outbox to the handler over RabbitMQ: how many a second, and how soon.

One relay and two processes that handle: a handler waits for its database, a relay does not.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from uuid_utils.compat import uuid7

from bench.report import Measurement
from chassis.database import Database, migrate
from chassis.messaging import outbox
from chassis.testing.eventually import eventually
from events.sales import OrderLapsed
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from nobat.supervisor import Program, Supervisor
from sales.app import MIGRATIONS

EVENTS = 40_000
CHUNK = 1000
STEADY_RATE = 200


@dataclass
class Road:
    """Where events are recorded and where they are handled."""

    source: Database
    target: Database

    async def record(self, count: int) -> None:
        async with self.source.transaction() as session:
            await outbox.record(session, *(_event() for _ in range(count)))

    async def handled(self) -> int:
        async with self.target.transaction() as session:
            return int(await session.scalar(text("SELECT count(*) FROM handled")) or 0)

    async def wait_for(self, count: int) -> None:
        await eventually(self.handled, lambda handled: handled >= count, within=300, every=0.2)

    async def clear(self) -> None:
        async with self.target.transaction() as session:
            await session.execute(text("TRUNCATE handled"))


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    async with _road(folder) as (road, programs):
        rate = await _rate(road, programs)
        async with Supervisor(programs):
            p99 = await _delay_at_steady_rate(road, seconds)
    return [
        Measurement("outbox to handler over RabbitMQ, one relay", rate, "events/s", 2000),
        Measurement(f"p99 from commit to handled at {STEADY_RATE}/s", p99 * 1000, "ms", 250, at_most=True),
    ]


async def _rate(road: Road, programs: Sequence[Program]) -> float:
    """Of events that wait in the outbox; by the clock of the database that handles them."""
    for _ in range(EVENTS // CHUNK):
        await road.record(CHUNK)
    async with Supervisor(programs):
        await road.wait_for(EVENTS)
    async with road.target.transaction() as session:
        between = text("SELECT extract(epoch FROM max(at) - min(at)) FROM handled")
        return EVENTS / float(await session.scalar(between) or 1)


async def _delay_at_steady_rate(road: Road, seconds: int) -> float:
    await road.record(1)
    await road.wait_for(EVENTS + 1)
    await road.clear()
    for _ in range(seconds * 20):
        await asyncio.gather(*(road.record(1) for _ in range(STEADY_RATE // 20)), asyncio.sleep(0.05))
    await road.wait_for(seconds * STEADY_RATE)
    async with road.target.transaction() as session:
        p99 = text("SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY delay) FROM handled")
        return float(await session.scalar(p99) or 0)


@asynccontextmanager
async def _road(folder: Path) -> AsyncIterator[tuple[Road, Sequence[Program]]]:
    with Backends(folder, open_secrets(folder), broker="rabbitmq") as backends:
        servers = await backends.prepare()
        road = Road(Database(servers.databases["sales"]), Database(servers.owner_of("notify")))
        for service in ("sales", "notify"):
            await migrate(servers.owner_of(service), MIGRATIONS)
        async with road.target.transaction() as session:
            await session.execute(
                text("CREATE TABLE handled (delay float8, at timestamptz DEFAULT clock_timestamp())")
            )
        halves = (("handle", "notify"), ("handle", "notify"), ("relay", "sales"))
        programs = [
            Program(
                f"{kind}.{number}",
                (sys.executable, "-m", "bench.pump", kind, servers.databases[name], servers.brokers[name]),
                folder / f"{kind}.{number}.log",
            )
            for number, (kind, name) in enumerate(halves)
        ]
        yield road, programs
        await road.source.close()
        await road.target.close()


def _event() -> OrderLapsed:
    return OrderLapsed(order_id=uuid7(), version=1, customer_id=uuid7(), request_number="100000000000")
