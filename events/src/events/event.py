"""The base of every integration event and the registry of their names."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

REGISTRY: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """A fact that one service publishes to the others.

    A subclass names itself and the field that identifies its aggregate:
    ``class OrderPlaced(Event, name="sales.order_placed.v1", aggregate="order_id")``.
    The name is also the routing key. ``version`` is the aggregate's version after the fact: a
    consumer ignores what is not newer than what it knows. Fields are only ever added; unknown ones
    are ignored, so that a consumer may be older than its publisher.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    name: ClassVar[str]
    aggregate: ClassVar[str]

    version: int

    def __init_subclass__(cls, *, name: str, aggregate: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if name in REGISTRY:
            raise TypeError(f"two events are named {name}")
        cls.name = name
        cls.aggregate = aggregate
        REGISTRY[name] = cls

    @property
    def aggregate_id(self) -> UUID:
        """The identity of the thing that the event is about."""
        identity: UUID = getattr(self, self.aggregate)
        return identity


Sealed = str
"""Personal data for the services that hold the event key: base64 of an AES-GCM ciphertext of JSON."""
