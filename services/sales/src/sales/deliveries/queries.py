"""Reads of cars."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.deliveries.tables import Car
from sales.orders.tables import Order


async def car_of(session: AsyncSession, order_id: UUID, customer_id: UUID) -> Car:
    """The car of this customer's order; raises ``NotFound`` as long as there is none."""
    query = (
        select(Car)
        .join(Order, Order.id == Car.order_id)
        .where(Car.order_id == order_id, Order.customer_id == customer_id, Car.released_at.is_(None))
    )
    car = await session.scalar(query)
    if car is None:
        raise NotFound
    return car
