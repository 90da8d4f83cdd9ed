"""RabbitMQ as the transport.

Publishing and consuming have a connection each, because RabbitMQ stops reading from a connection that
publishes while it is short of disk or memory.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Self
from uuid import UUID

from chassis.messaging import topology
from chassis.messaging.subscription import Subscription
from chassis.messaging.transport import DeadLetter, Message, TransportError
from chassis.messaging.transports import amqp_graveyard
from chassis.messaging.transports.amqp_declare import declare_queues
from chassis.messaging.transports.amqp_link import Link, close_quietly
from chassis.messaging.transports.amqp_publisher import Publication, Publisher
from chassis.messaging.transports.amqp_source import AmqpSource, consuming
from chassis.messaging.transports.amqp_wire import with_expiration


class AmqpTransport:
    """``url`` is an AMQP address; its user needs what ``definitions`` grants."""

    def __init__(self, url: str) -> None:
        self._publishing = Link(url, "publish")
        self._consuming = Link(url, "consume")
        self._publisher = Publisher(self._publishing)

    async def publish(self, messages: Sequence[Message]) -> Sequence[TransportError | None]:
        return await self._publisher.publish(
            [
                Publication(topology.EXCHANGE, message.name, message.body, with_expiration(message))
                for message in messages
            ]
        )

    async def declare(self, subscriptions: Sequence[Subscription]) -> None:
        for subscription in subscriptions:
            await declare_queues(self._consuming, subscription)

    @asynccontextmanager
    async def consume(self, subscription: Subscription) -> AsyncIterator[AmqpSource]:
        await declare_queues(self._consuming, subscription)
        async with consuming(self._consuming, self._publishing, subscription) as source:
            yield source

    async def check(self) -> None:
        await close_quietly(await self._publishing.open_channel())

    async def dead_letters(self, queue: str, limit: int) -> Sequence[DeadLetter]:
        return await amqp_graveyard.look(self._consuming, queue, limit)

    async def redrive(self, queue: str, ids: Mapping[UUID, int]) -> Sequence[UUID]:
        publisher = Publisher(self._publishing)
        try:
            return await amqp_graveyard.redrive(self._consuming, publisher, queue, ids)
        finally:
            await publisher.close()

    async def close(self) -> None:
        await asyncio.gather(self._publishing.close(), self._consuming.close())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
