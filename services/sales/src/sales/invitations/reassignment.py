"""Asking for the car again after an invitation expired: at the terms of the day, if there is a car."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.capacity import counters
from sales.contracts import addenda
from sales.invitations import drawn, queries
from sales.invitations.domain import NotReassignable, Purpose, ReassignmentNotAllowed
from sales.invitations.issuing import Issuer, rest_of
from sales.invitations.moving import move
from sales.invitations.seats import take_seat
from sales.invitations.tables import Invitation
from sales.orders import queries as placed
from sales.orders.domain import OrderState
from sales.orders.received import received_sums
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.plans.tables import Offering
from sales.working_days.queries import calendar


async def reassign(session: AsyncSession, order_id: UUID, customer_id: UUID, now: datetime) -> Invitation:
    """A new invitation for the same car at its price of today.

    Raises ``NotFound``, ``NotReassignable``, ``ReassignmentNotAllowed`` or ``SoldOut``.
    """
    await counters.lock_of_orders(session, [order_id])
    order = next(iter(await placed.locked(session, [order_id])), None)
    if order is None or order.customer_id != customer_id:
        raise NotFound
    expired = await queries.latest(session, order_id)
    if expired is None or order.state != OrderState.INVITATION_EXPIRED:
        raise NotReassignable(order.state)
    if not terms_of(order).reassignment_allowed:
        raise ReassignmentNotAllowed
    car = await session.get_one(Offering, order.offering_id, populate_existing=True)
    await take_seat(session, order)
    agreed = addenda.values_of(order)
    order.price, order.prepayment = car.price, car.prepayment
    order.terms = await drawn.terms_of_car(session, car)
    await addenda.append(session, order, "reassigned", agreed, addenda.values_of(order), now)
    move(expired, "reassign", now)
    purpose: Purpose = "prepayment" if expired.purpose == "prepayment" else "principal"
    amount = await amount_due(session, order, purpose)
    return await Issuer(now, await calendar(session)).issue(session, order, purpose, amount, expired)


async def amount_due(session: AsyncSession, order: Order, purpose: Purpose) -> int:
    """The prepayment, or what is to be paid before delivery."""
    if purpose == "prepayment":
        return order.prepayment
    return rest_of(order, (await received_sums(session, [order.id]))[order.id])
