"""An effect that can be counted, and what brings it about: for testing what happens to messages."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.messaging import Consumers, Handler, Relay, Subscription, outbox
from chassis.testing.events import Happened
from events import Event

QUEUE = "testing.first"


@asynccontextmanager
async def running(*parts: Relay | Consumers) -> AsyncIterator[None]:
    """Runs ``parts`` until the block ends, then stops them gracefully."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for part in parts:
            group.create_task(part.run(stop))
        try:
            yield
        finally:
            stop.set()


async def record(database: Database, *events: Event, **options: Any) -> None:
    async with database.transaction() as session:
        await outbox.record(session, *events, **options)


async def unsent(database: Database) -> Sequence[Any]:
    async with database.transaction() as session:
        return (await session.execute(text("SELECT * FROM outbox ORDER BY id"))).all()


class Diary:
    """A handler that counts its calls for each event, and its effects in a table of the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.calls: Counter[UUID] = Counter()
        self.poison: set[UUID] = set()

    async def prepare(self) -> None:
        async with self.database.transaction() as session:
            await session.execute(text("CREATE TABLE IF NOT EXISTS diary (thing uuid NOT NULL)"))

    async def write(self, session: AsyncSession, event: Happened) -> None:
        self.calls[event.thing_id] += 1
        await session.execute(text("INSERT INTO diary VALUES (:thing)"), {"thing": event.thing_id})
        if event.thing_id in self.poison:
            raise ValueError(f"the secret of {event.thing_id}")

    async def entries(self) -> list[UUID]:
        async with self.database.transaction() as session:
            return sorted((await session.execute(text("SELECT thing FROM diary"))).scalars())


def things(events: Sequence[Happened]) -> list[UUID]:
    return sorted(event.thing_id for event in events)


def hearing(handler: Handler, *events: type[Event], delays: Sequence[float] = (0.05,) * 4) -> Subscription:
    return Subscription(QUEUE, dict.fromkeys(events or (Happened,), handler), retry_delays=tuple(delays))


async def opened_diary(database: Database) -> Diary:
    diary = Diary(database)
    await diary.prepare()
    return diary


def is_unwanted(rows: Sequence[Any]) -> bool:
    """Whether one row waits, for which there is no queue."""
    return len(rows) == 1 and (rows[0].last_error or "").startswith("Unroutable")
