"""Takes deliveries from the queues of a service and has them handled, whatever happens to the broker."""

import asyncio
from collections.abc import Sequence

from chassis.database import Database
from chassis.logging import get_logger
from chassis.messaging.failures import describe
from chassis.messaging.pauses import backoff, pause
from chassis.messaging.processing import Processor
from chassis.messaging.subscription import Subscription
from chassis.messaging.transport import Source, Transport

_log = get_logger(__name__)


class Consumers:
    """Handles ``subscriptions``; any number of processes may handle the same ones at once."""

    def __init__(
        self, database: Database, transport: Transport, subscriptions: Sequence[Subscription]
    ) -> None:
        self._database = database
        self._transport = transport
        self._subscriptions = subscriptions

    async def run(self, stop: asyncio.Event) -> None:
        """Consumes until ``stop`` is set, then handles what is in hand. Outages only delay it."""
        async with asyncio.TaskGroup() as group:
            for subscription in self._subscriptions:
                group.create_task(self._serve(subscription, stop))

    async def _serve(self, subscription: Subscription, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                async with self._transport.consume(subscription) as source:
                    _log.info("queue.opened", queue=subscription.queue)
                    failures = 0
                    await self._pump(source, subscription, stop)
            except Exception as error:  # noqa: BLE001 - what was not acknowledged is delivered again
                _log.error("queue.lost", queue=subscription.queue, error=describe(error))
                await pause(stop, backoff(failures))
                failures += 1

    async def _pump(self, source: Source, subscription: Subscription, stop: asyncio.Event) -> None:
        processor = Processor(self._database, source, subscription, stop)
        while not stop.is_set():
            await processor.process(await source.take(subscription.batch))
        await source.cancel()
        while deliveries := await source.take(subscription.batch):
            await processor.process(deliveries)
