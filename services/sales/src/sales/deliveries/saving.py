"""Writing many moved orders and their cars, each kind in one statement."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Boolean, Integer, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.json import dumps_text
from sales.deliveries.tables import Car
from sales.orders.tables import Order

_COLUMNS = list(Car.__table__.columns)
_NAMES = [column.name for column in _COLUMNS]

_ORDERS = text(
    """
    UPDATE orders
    SET state = moved.state, live = moved.live, version = moved.version, timeline = moved.timeline::jsonb
    FROM unnest(:ids, :states, :lives, :versions, :timelines) AS moved (id, state, live, version, timeline)
    WHERE orders.id = moved.id
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("states", type_=ARRAY(Text)),
    bindparam("lives", type_=ARRAY(Boolean)),
    bindparam("versions", type_=ARRAY(Integer)),
    bindparam("timelines", type_=ARRAY(Text)),
)
_CARS = text(
    f"INSERT INTO cars ({', '.join(_NAMES)})"  # noqa: S608 own names
    f" SELECT * FROM unnest({', '.join(f':{name}' for name in _NAMES)})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _NAMES)}"
).bindparams(*(bindparam(column.name, type_=ARRAY(column.type)) for column in _COLUMNS))


async def save_orders(session: AsyncSession, orders: Sequence[Order]) -> None:
    """What a move changes of orders that the session does not follow."""
    if not orders:
        return
    values = {
        "ids": [order.id for order in orders],
        "states": [order.state for order in orders],
        "lives": [order.live for order in orders],
        "versions": [order.version for order in orders],
        "timelines": [dumps_text(order.timeline) for order in orders],
    }
    await session.execute(_ORDERS, values)


async def save_cars(session: AsyncSession, cars: Sequence[Car]) -> None:
    """New ones, and those that were there, which the session does not follow either."""
    if cars:
        await session.execute(_CARS, {name: [getattr(car, name) for car in cars] for name in _NAMES})
