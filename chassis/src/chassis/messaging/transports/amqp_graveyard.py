"""The dead letters at RabbitMQ, looked at and moved over plain AMQP.

Messages are fetched without acknowledgement; closing the channel puts back what was not moved. While
somebody looks, nobody else sees the same messages.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel

from chassis.messaging import topology
from chassis.messaging.transport import DeadLetter
from chassis.messaging.transports.amqp_link import ANSWER_SECONDS, Link, unavailable_when_broken
from chassis.messaging.transports.amqp_publisher import Publication, Publisher
from chassis.messaging.transports.amqp_wire import dead_letter_of, properties

_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class _Exhumed:
    letter: DeadLetter
    tag: int


async def look(link: Link, queue: str, limit: int) -> Sequence[DeadLetter]:
    """The oldest ``limit`` dead letters of ``queue``."""
    async with _graveyard(link) as channel:
        return [exhumed.letter async for exhumed in _exhume(channel, queue, limit)]


async def redrive(link: Link, publisher: Publisher, queue: str, ids: Mapping[UUID, int]) -> Sequence[UUID]:
    """Sends the letters in ``ids`` to ``queue``; each is confirmed there before it leaves the dead.

    Stops and raises at the first trouble; what is not confirmed stays dead.
    """
    moved: list[UUID] = []
    async with _graveyard(link) as channel:
        chosen = [found async for found in _exhume(channel, queue) if found.letter.message.id in ids]
        for start in range(0, len(chosen), _TOGETHER):
            together = chosen[start : start + _TOGETHER]
            outcomes = await publisher.publish([_again(queue, found.letter, ids) for found in together])
            sent = [found for found, outcome in zip(together, outcomes, strict=True) if outcome is None]
            with unavailable_when_broken():
                for found in sent:
                    await channel.basic_ack(found.tag)
            moved += [found.letter.message.id for found in sent]
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome
    return moved


def _again(queue: str, letter: DeadLetter, ids: Mapping[UUID, int]) -> Publication:
    headers = {"attempt": 1, "redrives": ids[letter.message.id]}
    return Publication(queue, queue, letter.message.body, properties(letter.message, headers))


@asynccontextmanager
async def _graveyard(link: Link) -> AsyncIterator[Channel]:
    channel = await link.open_channel()
    try:
        yield channel
    finally:
        with unavailable_when_broken():
            await channel.close()


async def _exhume(channel: Channel, queue: str, limit: int | None = None) -> AsyncIterator[_Exhumed]:
    """As many as there were in the beginning, at most ``limit``."""
    name = topology.dead_queue(queue)
    with unavailable_when_broken():
        counted = await channel.queue_declare(name, passive=True, timeout=ANSWER_SECONDS)
    there = counted.message_count or 0
    for _ in range(there if limit is None else min(limit, there)):
        raw = await _get(channel, name)
        if raw.delivery_tag is None:
            return
        yield _Exhumed(dead_letter_of(queue, raw), raw.delivery_tag)


async def _get(channel: Channel, name: str) -> DeliveredMessage:
    with unavailable_when_broken():
        return await channel.basic_get(name, timeout=ANSWER_SECONDS)
