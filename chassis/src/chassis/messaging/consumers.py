"""Brings deliveries to the handlers."""

import asyncio
from collections.abc import Sequence

from chassis.database import Database
from chassis.messaging.subscription import Subscription
from chassis.messaging.transport import Transport


class Consumers:
    """Handles a service's subscriptions; any number of processes may do so at once."""

    def __init__(
        self, database: Database, transport: Transport, subscriptions: Sequence[Subscription]
    ) -> None:
        self._database = database
        self._transport = transport
        self._subscriptions = subscriptions

    async def run(self, stop: asyncio.Event) -> None:
        """Consumes until ``stop`` is set, then finishes what is in hand."""
        await stop.wait()
