"""Reads of transfers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.contracts.tables import Contract
from sales.orders.tables import Order
from sales.transfers.domain import OPEN, TransferState
from sales.transfers.tables import Transfer

PAGE = 50


async def locked(session: AsyncSession, transfer_id: UUID) -> tuple[Transfer, Order]:
    """The order first, then the transfer; raises ``NotFound``."""
    order_id = await session.scalar(select(Transfer.order_id).where(Transfer.id == transfer_id))
    if order_id is None:
        raise NotFound
    order = await session.get_one(Order, order_id, with_for_update=True)
    return await session.get_one(Transfer, transfer_id, with_for_update=True), order


async def open_of_order(session: AsyncSession, order_id: UUID) -> Transfer | None:
    return await session.scalar(
        select(Transfer).where(Transfer.order_id == order_id, Transfer.state.in_(OPEN))
    )


async def open_of_orders(session: AsyncSession, order_ids: Collection[UUID]) -> Sequence[Transfer]:
    """Locked, as their orders are already."""
    query = select(Transfer).where(Transfer.order_id.in_(order_ids), Transfer.state.in_(OPEN))
    return (await session.scalars(query.order_by(Transfer.id).with_for_update())).all()


async def overdue(session: AsyncSession, now: datetime, limit: int) -> Sequence[Transfer]:
    """Those that were not accepted in time, locked; those that somebody is busy with are left out."""
    late = select(Transfer).where(Transfer.state == TransferState.PROPOSED, Transfer.expires_at < now)
    query = late.limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def of_person(session: AsyncSession, customer_id: UUID) -> Sequence[tuple[Transfer, Order, str]]:
    """What a person offered or was offered, newest first, with the order and the contract's number."""
    return await _page(
        session, or_(Transfer.from_customer_id == customer_id, Transfer.to_customer_id == customer_id)
    )


async def waiting(session: AsyncSession) -> Sequence[tuple[Transfer, Order, str]]:
    """What the staff have to decide."""
    return await _page(session, Transfer.state == TransferState.ACCEPTED)


async def contract_number(session: AsyncSession, order_id: UUID) -> str:
    return (await session.scalars(select(Contract.number).where(Contract.order_id == order_id))).one()


async def _page(
    session: AsyncSession, condition: ColumnElement[bool]
) -> Sequence[tuple[Transfer, Order, str]]:
    query = (
        select(Transfer, Order, Contract.number)
        .join(Order, Order.id == Transfer.order_id)
        .join(Contract, Contract.order_id == Transfer.order_id)
        .where(condition)
        .order_by(Transfer.id.desc())
        .limit(PAGE)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]
