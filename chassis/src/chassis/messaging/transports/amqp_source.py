"""The deliveries of one RabbitMQ queue."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel
from pamqp.commands import Basic

from chassis.messaging import topology
from chassis.messaging.subscription import Subscription
from chassis.messaging.transport import Delivery, Unavailable
from chassis.messaging.transports.amqp_link import (
    ANSWER_SECONDS,
    Link,
    close_quietly,
    unavailable_when_broken,
)
from chassis.messaging.transports.amqp_publisher import Publication, Publisher
from chassis.messaging.transports.amqp_wire import buried, delivery_of, properties

PROBE_SECONDS = 10.0
_WAIT_SECONDS = 0.25
_GATHER_SECONDS = 0.003


class AmqpSource:
    """A consumer on a channel of its own.

    Answers to deliveries are not confirmed by the broker; one that is lost means a redelivery. When
    nothing arrives for a while, the broker is asked whether it still knows the consumer.
    """

    def __init__(self, channel: Channel, subscription: Subscription, publisher: Publisher) -> None:
        self._channel = channel
        self._queue = subscription.queue
        self._publisher = publisher
        self._arrived: asyncio.Queue[DeliveredMessage] = asyncio.Queue()
        self._unanswered: set[int] = set()
        self._consumer: str | None = None
        self._cancelled = False
        self._probe_at = 0.0

    async def start(self, prefetch: int) -> None:
        with unavailable_when_broken():
            await self._channel.basic_qos(prefetch_count=prefetch, timeout=ANSWER_SECONDS)
            started = await self._channel.basic_consume(
                self._queue, self._arrived.put, timeout=ANSWER_SECONDS
            )
        self._consumer = started.consumer_tag
        self._postpone_probe()

    async def take(self, limit: int) -> Sequence[Delivery]:
        """Waits a few milliseconds for more after the first: a batch is cheaper than its parts."""
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                taken = [await self._arrived.get()]
        except TimeoutError:
            await self._check_alive()
            return []
        if self._arrived.qsize() + 1 < limit and not self._cancelled:
            await asyncio.sleep(_GATHER_SECONDS)
        while len(taken) < limit and not self._arrived.empty():
            taken.append(self._arrived.get_nowait())
        self._postpone_probe()
        deliveries = [delivery_of(raw) for raw in taken]
        self._unanswered.update(delivery.receipt for delivery in deliveries)
        return deliveries

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        tags = {delivery.receipt for delivery in deliveries}
        if not tags:
            return
        newest = max(tags)
        self._unanswered -= tags
        with unavailable_when_broken():
            if all(tag > newest for tag in self._unanswered):
                await self._channel.basic_ack(newest, multiple=True, wait=False)
            else:
                for tag in tags:
                    await self._channel.basic_ack(tag, wait=False)

    async def retry(self, delivery: Delivery, delay: float, error: str) -> None:
        waiting = properties(
            delivery.message,
            {"attempt": delivery.attempt + 1, "redrives": delivery.redrives, "error": error},
        )
        await self._move(delivery, topology.retry_queue(self._queue, delay), waiting)

    async def bury(self, delivery: Delivery, error: str) -> None:
        await self._move(delivery, topology.dead_queue(self._queue), buried(delivery, error))

    async def _move(self, delivery: Delivery, target: str, written: Basic.Properties) -> None:
        """Confirmed there before it is acknowledged here: a crash between the two doubles, never loses."""
        await self._publisher.send(Publication(self._queue, target, delivery.message.body, written))
        await self.acknowledge([delivery])

    async def cancel(self) -> None:
        self._cancelled = True
        if self._consumer is not None:
            with unavailable_when_broken():
                await self._channel.basic_cancel(self._consumer, timeout=ANSWER_SECONDS)

    async def _check_alive(self) -> None:
        if self._channel.is_closed:
            raise Unavailable("the channel is closed")
        if self._cancelled:
            return
        if self._consumer not in self._channel.consumers:
            raise Unavailable("the broker cancelled the consumer")
        if asyncio.get_running_loop().time() >= self._probe_at:
            await self._probe()

    async def _probe(self) -> None:
        with unavailable_when_broken():
            known = await self._channel.queue_declare(self._queue, passive=True, timeout=ANSWER_SECONDS)
        if not known.consumer_count:
            raise Unavailable("the broker forgot the consumer")
        self._postpone_probe()

    def _postpone_probe(self) -> None:
        self._probe_at = asyncio.get_running_loop().time() + PROBE_SECONDS


@asynccontextmanager
async def consuming(consume: Link, publish: Link, subscription: Subscription) -> AsyncIterator[AmqpSource]:
    """A running consumer; closing its channel in the end lets go of what it did not answer."""
    channel = await consume.open_channel()
    publisher = Publisher(publish)
    source = AmqpSource(channel, subscription, publisher)
    try:
        await source.start(subscription.prefetch)
        yield source
    finally:
        await publisher.close()
        await close_quietly(channel)
