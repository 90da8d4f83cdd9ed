"""Sends what the outbox holds."""

import asyncio

from chassis.database import Database
from chassis.messaging.transport import Transport


class Relay:
    """Sends a database's outbox through ``transport``; any number of them may run."""

    def __init__(self, database: Database, transport: Transport, *, service: str = "") -> None:
        self._database = database
        self._transport = transport
        self._service = service
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Looks at the outbox now; for a process that has just committed."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Relays until ``stop`` is set."""
        await stop.wait()
