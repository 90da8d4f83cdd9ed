"""The exchanges and queues at RabbitMQ, with every argument spelt out so that 3.10 and 4.x do the same.

    nobat (topic) ──event name──▶ sales.purchase ──▶ consumer
                                     ▲    exchange sales.purchase (direct), written to by the consumer:
                                     │      ├─ sales.purchase              redriven messages
             when their time is over └──────┼─ sales.purchase.retry.5000   tried again after 5 s
                                            └─ sales.purchase.dead         given up

All names of a queue begin with its service's, so that the broker can keep each service to its own.
The queue itself has no dead-letter exchange: an expired code must vanish, and the broker would move it
to the dead letters. Messages that kill their consumers are buried by the consumers, which are told the
number of redeliveries; the broker's own limit is out of reach, for it would drop them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chassis.messaging.subscription import Subscription

EXCHANGE = "nobat"

_NO_LIMIT = 2**31 - 1

Arguments = Mapping[str, str | int]

_QUORUM: Arguments = {"x-queue-type": "quorum", "x-delivery-limit": _NO_LIMIT}


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue, bound to its service's direct exchange by its own name."""

    name: str
    arguments: Arguments


def dead_queue(queue: str) -> str:
    return f"{queue}.dead"


def retry_queue(queue: str, delay: float) -> str:
    """The queue in which a message waits ``delay`` seconds; a delay changed is another queue."""
    return f"{queue}.retry.{round(delay * 1000)}"


def queues_of(subscription: Subscription) -> Iterator[Queue]:
    """Everything to declare, targets before what leads to them."""
    name = subscription.queue
    yield Queue(name, _QUORUM)
    yield Queue(dead_queue(name), _QUORUM)
    for delay in sorted(set(subscription.retry_delays)):
        yield Queue(retry_queue(name, delay), _waiting(name, delay))


def _waiting(queue: str, delay: float) -> Arguments:
    return {
        **_QUORUM,
        "x-message-ttl": round(delay * 1000),
        "x-dead-letter-exchange": queue,
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
