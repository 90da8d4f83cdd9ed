"""The published language of Nobat: the integration events, a module per publisher."""

from events import identity, payment, sales
from events.event import REGISTRY, Event, Sealed

__all__ = ["REGISTRY", "Event", "Sealed", "identity", "payment", "sales"]
