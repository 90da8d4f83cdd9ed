"""What a transport promises; RabbitMQ and the local one are held to it by one conformance suite.

A message that ``publish`` accepted is durable and reaches every queue bound to its routing key. From a
queue it is delivered at least once: again if whoever took it dies or lets go of it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self
from uuid import UUID

from chassis.messaging.subscription import Subscription


class TransportError(Exception):
    """A message was not accepted, or deliveries ended."""


class Unroutable(TransportError):
    """No queue is bound to the routing key."""


class Refused(TransportError):
    """The broker said no to this message."""


class Unavailable(TransportError):
    """The broker cannot be reached or does not answer; whether it has the message is unknown."""


@dataclass(frozen=True, slots=True)
class Message:
    """``body`` is a serialised envelope whose id is ``id``; ``name`` is the event's, the routing key."""

    id: UUID
    name: str
    body: bytes
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in the hand of one consumer.

    ``attempt`` counts tries from 1, ``redeliveries`` how often a consumer lost it without an answer,
    ``redrives`` how often it came back from the dead. ``receipt`` is the transport's own.
    """

    message: Message
    attempt: int
    redeliveries: int
    redrives: int
    receipt: Any


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up; ``error`` names the kind of failure and its place in the code."""

    queue: str
    message: Message
    attempt: int
    redrives: int
    error: str
    died_at: datetime | None


class Source(Protocol):
    """The deliveries of one queue to one consumer. Every method may raise ``Unavailable``."""

    async def take(self, limit: int) -> Sequence[Delivery]:
        """Up to ``limit`` deliveries; waits a moment for the first, then answers with none."""

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Done with them, for ever."""

    async def retry(self, delivery: Delivery, delay: float, error: str) -> None:
        """Comes again after ``delay`` seconds as the next attempt."""

    async def bury(self, delivery: Delivery, error: str) -> None:
        """Becomes a dead letter."""

    async def cancel(self) -> None:
        """Nothing new is delivered; what was delivered can still be taken and answered."""


class Transport(Protocol):
    """One per process and broker; it connects by itself, and again after an outage."""

    async def publish(self, messages: Sequence[Message]) -> Sequence[TransportError | None]:
        """The outcome of each message, None when it is durable. Does not raise for a message."""

    async def declare(self, subscriptions: Sequence[Subscription]) -> None:
        """Creates queues and bindings that are missing; raises ``Unavailable``."""

    def consume(self, subscription: Subscription) -> AbstractAsyncContextManager[Source]:
        """Declares and opens a queue. Leaving the context lets go of what was not answered."""

    async def check(self) -> None:
        """Raises ``Unavailable`` when the broker does not answer."""

    async def dead_letters(self, queue: str, limit: int) -> Sequence[DeadLetter]:
        """The oldest ``limit`` dead letters of ``queue``; they stay where they are."""

    async def redrive(self, queue: str, ids: Mapping[UUID, int]) -> Sequence[UUID]:
        """Moves dead letters back to ``queue`` alone, as first attempts; answers with the moved ones.

        ``ids`` gives each message its number of redrives. A crash in the middle loses none.
        """

    async def close(self) -> None:
        """Lets go of everything."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...
