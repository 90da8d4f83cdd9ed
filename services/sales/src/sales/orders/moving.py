"""Moving an order: its state, its version and its timeline change together."""

from datetime import datetime
from typing import Any

from chassis.logging import get_logger
from sales.orders.domain import LIVE, moved
from sales.orders.tables import Order

log = get_logger(__name__)


def move(order: Order, name: str, now: datetime, **why: str) -> None:
    """Makes the move of ``domain.MOVES``; the caller has locked the row. Raises ``IllegalOrderMove``."""
    order.state = moved(order.state, name)
    order.live = order.state in LIVE
    order.version += 1
    note(order, order.state, now, **why)
    log.info(f"sales.order.{order.state}", order_id=order.id)


def note(order: Order, fact: str, now: datetime, **why: str) -> None:
    """Adds a fact to the timeline; ``views.NOTES`` says it to people. ``why`` may have a ``rule``."""
    order.timeline = [*order.timeline, {"state": fact, "at": now.isoformat(), **why}]


def identity(order: Order) -> dict[str, Any]:
    """What every event of an order says."""
    return {"order_id": order.id, "version": order.version, "customer_id": order.customer_id}
