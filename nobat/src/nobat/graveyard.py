"""The dead letters of a system: where they are, and what can be done about them."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from chassis.messaging import Transport, connect, dead_letters
from chassis.messaging.dead_letters import Redrive
from chassis.messaging.transport import DeadLetter, Unavailable
from nobat.backends import BROKERS
from nobat.generation import subscribers
from nobat.refusal import Refusal

Value = TypeVar("Value")


class CannotSay(Refusal):
    """The broker is not known or does not answer, or there is no such dead letter."""


class Graveyard:
    """``amqp_url`` names the broker; without it, it is that of the system which ran in ``home``."""

    def __init__(self, home: Path, amqp_url: str | None) -> None:
        self._home = home
        self._amqp_url = amqp_url

    def list(self, queues: Sequence[str]) -> list[DeadLetter]:
        """The oldest first, queue by queue; all queues of the services when none is named."""
        names = queues or sorted(subscribers.queues())
        return [
            letter for name in names for letter in self._ask(name, partial(dead_letters.list, queues=[name]))
        ]

    def show(self, queue: str, message_id: UUID) -> DeadLetter:
        try:
            return self._ask(queue, partial(dead_letters.show, queue=queue, message_id=message_id))
        except LookupError as missing:
            raise CannotSay(str(missing)) from None

    def redrive(self, queue: str, ids: Sequence[UUID], *, dry_run: bool) -> Redrive:
        """Sends them to be handled again; all of the queue when no ids are given."""
        return self._ask(queue, partial(dead_letters.redrive, queue=queue, ids=ids or None, dry_run=dry_run))

    def _ask(self, queue: str, question: Callable[[Transport], Awaitable[Value]]) -> Value:
        async def run() -> Value:
            transport = connect(self._amqp_url or self._known_broker(queue))
            try:
                return await question(transport)
            finally:
                await transport.close()

        try:
            return asyncio.run(run())
        except Unavailable as unavailable:
            raise CannotSay(f"the broker does not answer: {unavailable}") from None

    def _known_broker(self, queue: str) -> str:
        """The way to the broker that the queue's service has; ``SALES_AMQP_URL`` goes before the file."""
        service = queue.partition(".")[0]
        if given := os.environ.get(f"{service.upper()}_AMQP_URL"):
            return given
        file = self._home / BROKERS
        if not file.exists():
            raise CannotSay("no system has run here; name its broker with --amqp-url")
        known: dict[str, str] = json.loads(file.read_text())
        if service not in known:
            raise CannotSay(f"{queue} is not the queue of a service")
        return known[service]
