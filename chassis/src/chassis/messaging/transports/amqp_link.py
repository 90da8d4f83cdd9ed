"""One connection to RabbitMQ, made when needed and thrown away when it gives trouble.

There is no repair of a broken connection: whoever used it is told, and asks for a new channel, which
declares and consumes anew. Nothing has to be remembered or restored.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.channel import Channel
from aiormq.exceptions import ChannelNotFoundEntity
from yarl import URL

from chassis.messaging.transport import TransportError, Unavailable

HEARTBEAT_SECONDS = 10
ANSWER_SECONDS = 5.0
_CLOSE_SECONDS = 3.0


class NotFound(Unavailable):
    """The queue or exchange does not exist; the channel is closed."""


@contextmanager
def unavailable_when_broken() -> Iterator[None]:
    """Turns every way in which a connection can fail into ``Unavailable``.

    aiormq ends what waits for a dying connection with whatever ended its reader: any exception, and
    also a cancellation nobody asked for.
    """
    try:
        yield
    except TransportError:
        raise
    except ChannelNotFoundEntity as error:
        raise NotFound("does not exist") from error
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Unavailable("the connection ended") from error
    except Exception as error:
        raise Unavailable("the connection failed") from error


class Link:
    """A connection for one purpose, shared by the channels opened on it."""

    def __init__(self, url: str, purpose: str) -> None:
        self._url = URL(url).update_query(heartbeat=HEARTBEAT_SECONDS, name=purpose)
        self._connection: AbstractConnection | None = None
        self._connecting = asyncio.Lock()
        self._not_before = 0.0
        self._farewells: set[asyncio.Task[None]] = set()

    async def open_channel(self, *, returns_raise: bool = False) -> Channel:
        """A channel with publisher confirms; raises ``Unavailable`` within some seconds."""
        connection = await self._connected()
        try:
            with unavailable_when_broken():
                async with asyncio.timeout(ANSWER_SECONDS):
                    channel = await connection.channel(on_return_raises=returns_raise)
                    opened = await channel.get_underlay_channel()
                    assert isinstance(opened, Channel)
                    return opened
        except Unavailable:
            self.drop(connection)
            raise

    async def _connected(self) -> AbstractConnection:
        async with self._connecting:
            if self._connection and not self._connection.is_closed and self._connection.connected.is_set():
                return self._connection
            now = asyncio.get_running_loop().time()
            if now < self._not_before:
                raise Unavailable("connecting failed a moment ago")
            self.drop(self._connection)
            self._not_before = now + random.uniform(0.3, 1.0)  # noqa: S311 - spreads reconnections
            with unavailable_when_broken():
                self._connection = await aio_pika.connect(self._url, timeout=ANSWER_SECONDS)
            return self._connection

    def drop(self, connection: AbstractConnection | None = None) -> None:
        """Forgets ``connection``, or the present one; it is closed in the background."""
        leaving = connection or self._connection
        if leaving is None:
            return
        if leaving is self._connection:
            self._connection = None
        farewell = asyncio.create_task(close_quietly(leaving))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)

    async def close(self) -> None:
        self.drop()
        await asyncio.gather(*self._farewells)


async def close_quietly(closing: AbstractConnection | Channel) -> None:
    """Closes within some seconds, or leaves it to the broker's heartbeats."""
    with suppress(Unavailable), unavailable_when_broken():
        async with asyncio.timeout(_CLOSE_SECONDS):
            await closing.close()
