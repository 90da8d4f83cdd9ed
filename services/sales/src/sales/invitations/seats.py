"""Taking cars for orders one after the other, as far as there are any."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from sales.capacity import counters
from sales.orders.domain import SoldOut
from sales.orders.tables import Order
from sales.plans.domain import QuotaKey

log = get_logger(__name__)


Place = UUID | QuotaKey
"""An offering, or a limited quota of it."""


async def take_seats(session: AsyncSession, orders: Sequence[Order]) -> list[Order]:
    """Takes a car for each order while its offering and its quotas have room; those that got one."""
    room = await _room(session, {order.offering_id for order in orders})
    seated = []
    for order in orders:
        if _full(order, room) is not None:
            log.warning("sales.invitation.no_room", order_id=order.id, offering_id=order.offering_id)
            continue
        for place in _places(order):
            if place in room:
                room[place] -= 1
        seated.append(order)
    await counters.take(session, [(order.offering_id, counters.quota_keys(order)) for order in seated])
    return seated


async def take_seat(session: AsyncSession, order: Order) -> None:
    """Takes a car for the order; raises ``SoldOut``."""
    full = _full(order, await _room(session, {order.offering_id}))
    if full is not None:
        raise SoldOut(full)
    await counters.take(session, [(order.offering_id, counters.quota_keys(order))])


async def _room(session: AsyncSession, offering_ids: Collection[UUID]) -> dict[Place, int]:
    """Locks the offerings; the free cars of each and of their limited quotas."""
    cars = await counters.lock(session, offering_ids)
    quotas = await counters.free_in_quotas(session, offering_ids)
    room: dict[Place, int] = dict(cars.items())
    room.update(quotas.items())
    return room


def _full(order: Order, room: Mapping[Place, int]) -> Place | None:
    return next((place for place in _places(order) if place in room and room[place] < 1), None)


def _places(order: Order) -> list[Place]:
    return [order.offering_id, *counters.quota_keys(order)]
