"""A PostgreSQL database as the broker, for where no RabbitMQ is installed.

Several processes may share it. It makes its tables when they are missing. Deliveries within a process
are prompt; between processes they wait for the next poll.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self
from uuid import UUID

from chassis.database import Database
from chassis.messaging.subscription import Subscription
from chassis.messaging.transport import (
    DeadLetter,
    Message,
    TransportError,
    Unavailable,
    Unroutable,
)
from chassis.messaging.transports import local_tables as sql
from chassis.messaging.transports.local_outage import unavailable_during_outage
from chassis.messaging.transports.local_source import LEASE_SECONDS, LocalSource, wake


class LocalTransport:
    """``url`` is a SQLAlchemy address of asyncpg; ``lease`` is how long a delivery may go unanswered."""

    def __init__(self, url: str, *, lease: float = LEASE_SECONDS) -> None:
        self._url = url
        self._lease = lease
        self._database = Database(url, pool_size=4)
        self._prepared = False
        self._preparing = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> Sequence[TransportError | None]:
        try:
            accepted = await self._store(messages)
        except Unavailable as error:
            return [error] * len(messages)
        return [None if message.id in accepted else Unroutable(message.name) for message in messages]

    async def _store(self, messages: Sequence[Message]) -> set[UUID]:
        """One row for each queue; answers with the messages that have one, durably."""
        await self._prepare()
        parameters = {
            "ids": [message.id for message in messages],
            "names": [message.name for message in messages],
            "bodies": [message.body for message in messages],
            "expiries": [message.expires_at for message in messages],
        }
        with unavailable_during_outage():
            async with self._database.engine.begin() as connection:
                stored = (await connection.execute(sql.PUBLISH, parameters)).all()
        for queue in {row.queue for row in stored}:
            wake(self._url, queue)
        return {row.message_id for row in stored}

    async def _prepare(self) -> None:
        async with self._preparing:
            if self._prepared:
                return
            with unavailable_during_outage():
                async with self._database.engine.begin() as connection:
                    await connection.execute(sql.LOCK_CREATION)
                    for statement in sql.CREATE:
                        await connection.execute(statement)
            self._prepared = True

    async def declare(self, subscriptions: Sequence[Subscription]) -> None:
        await self._prepare()
        with unavailable_during_outage():
            async with self._database.engine.begin() as connection:
                for subscription in subscriptions:
                    await connection.execute(
                        sql.BIND,
                        {"queue": subscription.queue, "routing_keys": list(subscription.routing_keys)},
                    )

    @asynccontextmanager
    async def consume(self, subscription: Subscription) -> AsyncIterator[LocalSource]:
        await self.declare([subscription])
        source = LocalSource(self._database, self._url, subscription.queue, self._lease)
        try:
            yield source
        finally:
            with suppress(Unavailable):
                await source.let_go()

    async def check(self) -> None:
        await self._prepare()
        with unavailable_during_outage():
            await self._database.ping()

    async def dead_letters(self, queue: str, limit: int) -> Sequence[DeadLetter]:
        await self._prepare()
        with unavailable_during_outage():
            async with self._database.engine.connect() as connection:
                rows = (await connection.execute(sql.DEAD, {"queue": queue, "limit": limit})).all()
        return [
            DeadLetter(
                queue=queue,
                message=Message(row.message_id, row.name, row.body, row.expires_at),
                attempt=row.attempt,
                redrives=row.redrives,
                error=row.error or "",
                died_at=row.died_at,
            )
            for row in rows
        ]

    async def redrive(self, queue: str, ids: Mapping[UUID, int]) -> Sequence[UUID]:
        await self._prepare()
        parameters = {"queue": queue, "ids": list(ids), "redrives": list(ids.values())}
        with unavailable_during_outage():
            async with self._database.engine.begin() as connection:
                moved = (await connection.execute(sql.REDRIVE, parameters)).scalars().all()
        wake(self._url, queue)
        return moved

    async def close(self) -> None:
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
