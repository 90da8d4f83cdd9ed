"""Cancelling and voiding orders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.cancellations.domain import (
    CancellationNotAllowed,
    CannotCancelNow,
    CannotVoidNow,
    Quote,
    QuoteChanged,
)
from sales.cancellations.ending import Ending, end, locked, locked_one, quote_of, whole_of
from sales.invitations import queries as invitations
from sales.orders.domain import BEFORE_DELIVERY, BEFORE_INVOICE, OrderState
from sales.orders.tables import Order
from sales.orders.terms import terms_of

GIVE_UP_BATCH = 100


async def look(session: AsyncSession, order: Order, now: datetime) -> Quote:
    """The quote; raises ``CannotCancelNow`` or ``CancellationNotAllowed``."""
    if order.state not in BEFORE_INVOICE:
        raise CannotCancelNow(order.state)
    if not terms_of(order).cancellation_allowed:
        raise CancellationNotAllowed
    return await quote_of(session, order, now)


async def cancel(
    session: AsyncSession, order_id: UUID, customer_id: UUID, shown: str, now: datetime
) -> tuple[Order, Quote]:
    """Ends the order as the quote named ``shown`` says; raises ``QuoteChanged`` when it says so no longer."""
    order = await locked_one(session, order_id)
    if order.customer_id != customer_id:
        raise NotFound
    quoted = await look(session, order, now)
    if quoted.digest(str(order.id), order.version) != shown:
        raise QuoteChanged
    await end(session, {order: quoted}, Ending("cancel"), now)
    return order, quoted


async def give_up(session: AsyncSession, now: datetime) -> int:
    """Cancels the orders whose car was not asked for again in time; how many, at most a batch."""
    order_ids = await invitations.given_up(session, now, GIVE_UP_BATCH)
    orders = [
        order
        for order in await locked(session, order_ids)
        if order.state == OrderState.INVITATION_EXPIRED and await _is_given_up(session, order.id, now)
    ]
    quotes = {order: await quote_of(session, order, now) for order in orders}
    await end(session, quotes, Ending("cancel", why="expired"), now)
    return len(orders)


async def _is_given_up(session: AsyncSession, order_id: UUID, now: datetime) -> bool:
    invitation = await invitations.latest(session, order_id)
    return invitation is not None and invitation.gives_up_at is not None and invitation.gives_up_at < now


async def void(session: AsyncSession, order_ids: Sequence[UUID], rule: str, now: datetime) -> int:
    """Voids those of the orders that may be: their buyers are not eligible by ``rule``. How many.

    All that was paid goes back; the cars go to the reserve or are free.
    """
    orders = [order for order in await locked(session, order_ids) if order.state in BEFORE_DELIVERY]
    quotes = {order: await whole_of(session, order, now) for order in orders}
    await end(session, quotes, Ending("void", rule=rule), now)
    return len(orders)


async def void_one(session: AsyncSession, order_id: UUID, rule: str, now: datetime) -> tuple[Order, Quote]:
    """As ``void``, for one order; raises ``NotFound`` or ``CannotVoidNow``."""
    order = await locked_one(session, order_id)
    if order.state not in BEFORE_DELIVERY:
        raise CannotVoidNow(order.state)
    quoted = await whole_of(session, order, now)
    await end(session, {order: quoted}, Ending("void", rule=rule), now)
    return order, quoted
