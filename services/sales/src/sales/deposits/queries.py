"""Who has an order in a plan, and whether a bank has blocked their deposit."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from sales.deposits.tables import BlockedDeposit
from sales.orders.tables import Order

EXPORT_PAGE = 5_000
TITLES = ("order_id", "request_number", "customer_id", "state", "placed_at")
_is_blocked = exists().where(
    BlockedDeposit.plan_id == Order.plan_id,
    BlockedDeposit.customer_id == Order.customer_id,
    BlockedDeposit.live,
)


@dataclass(frozen=True)
class Counted:
    orders: int
    blocked: int


async def count(session: AsyncSession, plan_id: UUID) -> Counted:
    """The live orders of a plan, and those of them whose deposit is blocked."""
    query = select(func.count(), func.count().filter(_is_blocked)).where(Order.plan_id == plan_id, Order.live)
    orders, blocked = (await session.execute(query)).one()
    return Counted(orders, blocked)


def _missing(plan_id: UUID, after: UUID | None) -> Select[Order]:
    query = select(Order).where(Order.plan_id == plan_id, Order.live, ~_is_blocked)
    query = query.order_by(Order.id).limit(EXPORT_PAGE)
    return query.where(Order.id > after) if after is not None else query


async def missing(db: Database, plan_id: UUID) -> AsyncIterator[Sequence[Sequence[object]]]:
    """The live orders without a blocked deposit, in batches of rows with a cell for each of ``TITLES``."""
    after: UUID | None = None
    while True:
        async with db.transaction() as session:
            rows = (await session.scalars(_missing(plan_id, after))).all()
        if not rows:
            return
        yield [tuple(getattr(row, {"order_id": "id"}.get(name, name)) for name in TITLES) for row in rows]
        after = rows[-1].id
