"""Who listens to which event, as the services' own lists of subscriptions say."""

from collections import defaultdict
from functools import cache

from events import Event
from nobat.parts import PARTS
from nobat.secret_store import MAKERS, Secrets
from nobat.topology import SERVICES, Servers, describe


@cache
def queues() -> dict[str, list[type[Event]]]:
    """The events that each queue receives."""
    nowhere = dict.fromkeys(SERVICES, "postgresql+asyncpg://nobody@localhost/nothing")
    made_up = Secrets({name: make() for name, make in MAKERS.items()})
    topology = describe(Servers(nowhere, nowhere), made_up)
    services = [
        PARTS[name].build(PARTS[name].settings_of(topology.find(f"{name}.api.1").env)) for name in SERVICES
    ]
    return {
        subscription.queue: list(subscription.handlers)
        for service in services
        for subscription in service.subscriptions
    }


def listeners() -> dict[str, list[str]]:
    """The queues of each event, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for queue, events in queues().items():
        for event in events:
            found[event.name].append(queue)
    return {name: sorted(names) for name, names in found.items()}
