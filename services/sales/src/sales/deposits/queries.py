"""Who has an order in a plan, and whether a bank has blocked their deposit."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from sales.deposits.tables import BlockedDeposit
from sales.orders.tables import Order
from sales.plans.tables import Plan

EXPORT_PAGE = 5_000
TITLES = ("order_id", "request_number", "customer_id", "state", "placed_at")


@dataclass(frozen=True)
class Counted:
    orders: int
    blocked: int


def _is_blocked(plan_id: UUID) -> ColumnElement[bool]:
    """Whether a bank has blocked what the plan asks of an order's buyer."""
    asked = select(cast(Plan.terms["deposit"].astext, BigInteger)).where(Plan.id == plan_id)
    return exists().where(
        BlockedDeposit.plan_id == plan_id,
        BlockedDeposit.customer_id == Order.customer_id,
        BlockedDeposit.live,
        BlockedDeposit.amount >= func.coalesce(asked.scalar_subquery(), 0),
    )


async def count(session: AsyncSession, plan_id: UUID) -> Counted:
    """The live orders of a plan, and those of them whose deposit is blocked."""
    blocked = func.count().filter(_is_blocked(plan_id))
    query = select(func.count(), blocked).where(Order.plan_id == plan_id, Order.live)
    orders, with_deposit = (await session.execute(query)).one()
    return Counted(orders, with_deposit)


async def count_missing(session: AsyncSession, plan_id: UUID) -> int:
    """The live orders without a blocked deposit; millions of them are looked through in an index."""
    live = Order.plan_id == plan_id, Order.live
    return await session.scalar(select(func.count()).where(*live, ~_is_blocked(plan_id))) or 0


async def blocked_of(
    session: AsyncSession, plan_id: UUID, customer_ids: Collection[UUID]
) -> Mapping[UUID, int] | None:
    """The most that one bank has blocked of each of these people, in Rial, 0 for who has nothing blocked.

    None while no bank has told of anybody's deposit for the plan.
    """
    told = exists().where(BlockedDeposit.plan_id == plan_id)
    if not await session.scalar(select(told)):
        return None
    query = select(BlockedDeposit.customer_id, func.max(BlockedDeposit.amount)).where(
        BlockedDeposit.plan_id == plan_id,
        BlockedDeposit.customer_id.in_(customer_ids),
        BlockedDeposit.live,
    )
    rows = await session.execute(query.group_by(BlockedDeposit.customer_id))
    return dict.fromkeys(customer_ids, 0) | {row[0]: row[1] for row in rows}


def _missing(plan_id: UUID, after: UUID | None) -> Select[Order]:
    query = select(Order).where(Order.plan_id == plan_id, Order.live, ~_is_blocked(plan_id))
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
