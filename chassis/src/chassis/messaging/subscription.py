"""What a service wants to hear, and how often a failing message is tried again."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from events import Event

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
"""``handler(session, event)``: its effects commit together with the memory of the message.

It expects messages in any order, makes no network call, and does not commit.
"""

RETRY_DELAYS = (1.0, 5.0, 30.0, 120.0)
"""Seconds before the second, third, fourth and fifth try; after the last one the message is dead."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A durable queue of a service, named ``service.purpose``, and who handles what arrives in it.

    ``queue`` is also the consumer's name in the inbox, so renaming it forgets what was handled.
    ``prefetch`` messages are taken ahead; up to ``batch`` of them are handled in one transaction.
    A message that was lost ``crash_limit`` times by dying consumers is taken for their killer and buried.
    """

    queue: str
    handlers: Mapping[type[Event], Handler]
    prefetch: int = 200
    batch: int = 100
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    crash_limit: int = 20

    @property
    def attempts(self) -> int:
        """How often a message is tried in all."""
        return len(self.retry_delays) + 1

    @property
    def routing_keys(self) -> tuple[str, ...]:
        return tuple(event.name for event in self.handlers)
