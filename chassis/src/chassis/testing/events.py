"""Events of nobody, for testing what carries events."""

from uuid import UUID, uuid4

from events import REGISTRY, Event


class Happened(Event, name="testing.happened.v1", aggregate="thing_id"):
    """Something happened."""

    thing_id: UUID


class Ceased(Event, name="testing.ceased.v1", aggregate="thing_id"):
    """Something is over."""

    thing_id: UUID


for model in (Happened, Ceased):
    del REGISTRY[model.name]  # the published language does not have them


def happened() -> Happened:
    return Happened(version=1, thing_id=uuid4())


def ceased() -> Ceased:
    return Ceased(version=1, thing_id=uuid4())
