"""Reads of orders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.contracts.tables import Contract
from sales.dealerships.tables import Dealership
from sales.invitations.tables import Invitation
from sales.orders.tables import Order

PAGE = 50


@dataclass(frozen=True)
class OrderDetails:
    """An order with what belongs to it."""

    order: Order
    contract_number: str | None
    dealership: Dealership | None
    invitation_number: str | None


_LATEST_INVITATION = (
    select(Invitation.number)
    .where(Invitation.order_id == Order.id)
    .order_by(Invitation.id.desc())
    .limit(1)
    .scalar_subquery()
)
JOINED = (
    select(Order, Contract.number, Dealership, _LATEST_INVITATION)
    .outerjoin(Contract, Contract.order_id == Order.id)
    .outerjoin(Dealership, Dealership.id == Order.dealership_id)
)


async def of_customer(
    session: AsyncSession, customer_id: UUID, before: UUID | None
) -> Sequence[OrderDetails]:
    """A page of the customer's orders, newest first, those older than ``before``."""
    query = JOINED.where(Order.customer_id == customer_id).order_by(Order.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Order.id < before)
    return [OrderDetails(*row) for row in await session.execute(query)]


async def find_own(session: AsyncSession, order_id: UUID, customer_id: UUID) -> OrderDetails:
    """Raises ``NotFound`` for what is not this customer's."""
    query = JOINED.where(Order.id == order_id, Order.customer_id == customer_id)
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    return OrderDetails(*row)


async def locked(session: AsyncSession, order_ids: Collection[UUID]) -> Sequence[Order]:
    """In the order of their ids, fresh. Who also changes what is sold has locked their offerings before."""
    query = select(Order).where(Order.id.in_(order_ids)).order_by(Order.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def has_live_order(session: AsyncSession, plan_id: UUID, customer_id: UUID) -> bool:
    query = select(Order.id).where(Order.plan_id == plan_id, Order.customer_id == customer_id, Order.live)
    return await session.scalar(query.limit(1)) is not None


async def count_by_state(session: AsyncSession, plan_id: UUID) -> dict[str, int]:
    query = (
        select(Order.state, func.count().label("orders"))
        .where(Order.plan_id == plan_id)
        .group_by(Order.state)
    )
    return {row.state: row.orders for row in await session.execute(query)}
