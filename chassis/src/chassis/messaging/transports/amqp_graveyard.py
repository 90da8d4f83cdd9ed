"""The dead letters at RabbitMQ, looked at and moved over plain AMQP.

Messages are fetched without acknowledgement and put back unless they were moved. While somebody looks,
nobody else sees the same messages; the look ends when they are all back.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel

from chassis.messaging import topology
from chassis.messaging.transport import DeadLetter
from chassis.messaging.transports.amqp_link import (
    ANSWER_SECONDS,
    Link,
    NotFound,
    close_quietly,
    unavailable_when_broken,
)
from chassis.messaging.transports.amqp_publisher import Publication, Publisher
from chassis.messaging.transports.amqp_wire import dead_letter_of, properties

_TOGETHER = 100
_GLANCE_SECONDS = 0.02


async def look(link: Link, queue: str, limit: int) -> Sequence[DeadLetter]:
    """The oldest ``limit`` dead letters of ``queue``."""
    async with _opened(link, queue) as graveyard:
        return [found.letter async for found in graveyard.dig(limit)]


async def redrive(link: Link, publisher: Publisher, queue: str, ids: Mapping[UUID, int]) -> Sequence[UUID]:
    """Sends the letters in ``ids`` to ``queue``; each is confirmed there before it leaves the dead.

    Stops and raises at the first trouble; what is not confirmed stays dead.
    """
    moved: list[UUID] = []
    async with _opened(link, queue) as graveyard:
        chosen = [found async for found in graveyard.dig() if found.letter.message.id in ids]
        for start in range(0, len(chosen), _TOGETHER):
            together = chosen[start : start + _TOGETHER]
            outcomes = await publisher.publish([_again(queue, found.letter, ids) for found in together])
            sent = [found for found, outcome in zip(together, outcomes, strict=True) if outcome is None]
            await graveyard.remove(sent)
            moved += [found.letter.message.id for found in sent]
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome
    return moved


def _again(queue: str, letter: DeadLetter, ids: Mapping[UUID, int]) -> Publication:
    headers = {"attempt": 1, "redrives": ids[letter.message.id]}
    return Publication(queue, queue, letter.message.body, properties(letter.message, headers))


@dataclass(frozen=True, slots=True)
class _Found:
    letter: DeadLetter
    tag: int


class _Graveyard:
    """The dead letters of one queue while they are looked at."""

    def __init__(self, channel: Channel, queue: str) -> None:
        self._channel = channel
        self._queue = queue
        self._held: set[int] = set()

    async def dig(self, limit: int | None = None) -> AsyncIterator[_Found]:
        """All there are, at most ``limit``."""
        while limit is None or len(self._held) < limit:
            raw = await self._get()
            if raw is None or raw.delivery_tag is None:
                return
            self._held.add(raw.delivery_tag)
            yield _Found(dead_letter_of(self._queue, raw), raw.delivery_tag)

    async def _get(self) -> DeliveredMessage | None:
        try:
            with unavailable_when_broken():
                return await self._channel.basic_get(topology.dead_queue(self._queue), timeout=ANSWER_SECONDS)
        except NotFound:
            return None

    async def remove(self, letters: Sequence[_Found]) -> None:
        with unavailable_when_broken():
            for found in letters:
                await self._channel.basic_ack(found.tag)
                self._held.discard(found.tag)

    async def put_back(self) -> None:
        """RabbitMQ requeues in its own time; whoever looks next shall find them."""
        if not self._held:
            return
        left = await self._count()
        with unavailable_when_broken():
            await self._channel.basic_nack(max(self._held), multiple=True, requeue=True)
        expected = left + len(self._held)
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while await self._count() < expected:  # noqa: ASYNC110 - the broker tells nobody
                    await asyncio.sleep(_GLANCE_SECONDS)

    async def _count(self) -> int:
        with unavailable_when_broken():
            declared = await self._channel.queue_declare(
                topology.dead_queue(self._queue), passive=True, timeout=ANSWER_SECONDS
            )
        return declared.message_count or 0


@asynccontextmanager
async def _opened(link: Link, queue: str) -> AsyncIterator[_Graveyard]:
    channel = await link.open_channel()
    graveyard = _Graveyard(channel, queue)
    try:
        yield graveyard
        await graveyard.put_back()
    finally:
        await close_quietly(channel)
