"""Publishing with confirmations, many messages in one write.

``Channel.basic_publish`` costs a task, a time-out and a system call for each message, which is more than
the rest of the relay's work together. This does the same bookkeeping for a whole batch at once, on the
attributes that aiormq's channel has for it: a delivery tag, a confirmation and, for returned messages,
the message id. A batch that does not end well leaves the channel in doubt: it must be given up.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aio_pika
from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from chassis.messaging.transport import Refused, TransportError, Unavailable, Unroutable
from chassis.messaging.transports.amqp_declare import declare_exchange
from chassis.messaging.transports.amqp_link import (
    ANSWER_SECONDS,
    Link,
    close_quietly,
    unavailable_when_broken,
)

Outcome = TransportError | None
Confirmation = asyncio.Future[Basic.Ack]


@dataclass(frozen=True, slots=True)
class Publication:
    """``properties`` have a message id that no other publication under way has."""

    exchange: str
    routing_key: str
    body: bytes
    properties: Basic.Properties


class Publisher:
    """A channel that is opened when needed and given up, with its connection, when in doubt.

    A message id may be under way once only on a channel: that is how returned messages are recognised.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._channel: Channel | None = None
        self._opening = asyncio.Lock()

    async def publish(self, publications: Sequence[Publication]) -> Sequence[Outcome]:
        """The outcome of each publication, None when the broker has it safely."""
        try:
            channel = await self._opened()
        except Unavailable as error:
            return [error] * len(publications)
        outcomes = await _publish(channel, publications)
        if channel is self._channel and any(isinstance(outcome, Unavailable) for outcome in outcomes):
            self._channel = None
            self._link.drop()
        return outcomes

    async def send(self, publication: Publication) -> None:
        """Raises the outcome unless it is well."""
        (outcome,) = await self.publish([publication])
        if outcome is not None:
            raise outcome

    async def _opened(self) -> Channel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                await declare_exchange(self._link)
                self._channel = await self._link.open_channel(returns_raise=True)
            return self._channel

    async def close(self) -> None:
        if self._channel is not None:
            await close_quietly(self._channel)


async def _publish(channel: Channel, publications: Sequence[Publication]) -> Sequence[Outcome]:
    lost = Unavailable("the connection ended")
    confirmations: Sequence[Confirmation] = []
    try:
        with unavailable_when_broken():
            async with asyncio.timeout(ANSWER_SECONDS):
                confirmations = await _write(channel, publications)
                await asyncio.wait(confirmations)
    except Unavailable as error:
        lost = error
    finally:
        for publication in publications:
            channel.message_id_delivery_tag.pop(publication.properties.message_id or "", None)
    if not confirmations:
        return [lost] * len(publications)
    return [_outcome(confirmation, lost) for confirmation in confirmations]


async def _write(channel: Channel, publications: Sequence[Publication]) -> list[Confirmation]:
    async with channel.lock:
        confirmations = [_expect(channel, publication) for publication in publications]
        frames = (frame for publication in publications for frame in _frames(channel, publication))
        await channel.write_queue.put(ChannelFrame.marshall(channel_number=channel.number, frames=frames))
    return confirmations


def _expect(channel: Channel, publication: Publication) -> Confirmation:
    channel.delivery_tag += 1
    confirmation: Confirmation = channel.create_future()
    channel.confirmations[channel.delivery_tag] = confirmation
    assert publication.properties.message_id
    channel.message_id_delivery_tag[publication.properties.message_id] = channel.delivery_tag
    return confirmation


def _frames(
    channel: Channel, publication: Publication
) -> Iterator[Basic.Publish | ContentHeader | ContentBody]:
    body = publication.body
    yield Basic.Publish(exchange=publication.exchange, routing_key=publication.routing_key, mandatory=True)
    yield ContentHeader(properties=publication.properties, body_size=len(body))
    size = channel.max_content_size
    for start in range(0, len(body), size):
        yield ContentBody(body[start : start + size])


def _outcome(confirmation: Confirmation, otherwise: TransportError) -> Outcome:
    if not confirmation.done() or confirmation.cancelled():
        return otherwise
    match confirmation.exception():
        case None:
            return None
        case aio_pika.exceptions.PublishError():
            return Unroutable("no queue is bound")
        case aio_pika.exceptions.DeliveryError():
            return Refused("the broker refused")
        case _:
            return otherwise
