"""Who listens to which event, as the services' own lists of subscriptions say."""

from collections import defaultdict
from functools import cache

from events import Event
from nobat.generation.services import services


@cache
def queues() -> dict[str, list[type[Event]]]:
    """The events that each queue receives."""
    return {
        subscription.queue: list(subscription.handlers)
        for service in services()
        for subscription in service.subscriptions
    }


def listeners() -> dict[str, list[str]]:
    """The queues of each event, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for queue, events in queues().items():
        for event in events:
            found[event.name].append(queue)
    return {name: sorted(names) for name, names in found.items()}
