"""Changing the colour or the dealership of an order, where its terms allow it; exact on every counter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from sales.capacity import counters
from sales.contracts import addenda
from sales.customers.tables import Customer
from sales.dealerships.tables import Dealership
from sales.eligibility.domain import DEALERSHIP_IN_PROVINCE, NotEligible, Verdict
from sales.orders.domain import (
    DealershipNotOffered,
    OrderState,
    SoldOut,
    UnknownColour,
    UnknownDealership,
)
from sales.orders.moving import note
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.plans.domain import QuotaKey
from sales.plans.tables import Offering
from sales.plans.terms import Until

_S = OrderState
UNTIL_PAYMENT = frozenset({_S.AWAITING_PAYMENT})
UNTIL_SETTLEMENT = UNTIL_PAYMENT | {_S.PAID, _S.CONTRACT_ACTIVE}
CHANGEABLE: Mapping[Until | None, frozenset[OrderState]] = {
    None: frozenset(),
    "payment": UNTIL_PAYMENT,
    "settlement": UNTIL_SETTLEMENT,
    "allocation": UNTIL_SETTLEMENT | {_S.SETTLED},
}
"""The states in which an order holds a car and may still be changed."""
log = get_logger(__name__)


class NotChangeable(Problem):
    """``what`` is ``colour`` or ``dealership``."""

    status = 409
    code = "not_changeable"
    fa = "در این طرح یا در وضعیت کنونی سفارش، تغییر آن ممکن نیست."
    en = "The plan, or the present state of the order, does not allow this change."


@dataclass(frozen=True)
class Wish:
    """None leaves it as it is."""

    colour: str | None = None
    dealership_id: UUID | None = None


async def change(
    session: AsyncSession, order_id: UUID, customer_id: UUID, wish: Wish, now: datetime
) -> Order:
    """The changed order; raises what refuses it, ``SoldOut`` by its level."""
    await counters.lock_of_orders(session, [order_id])
    order = await session.scalar(
        select(Order).where(Order.id == order_id, Order.customer_id == customer_id).with_for_update()
    )
    if order is None:
        raise NotFound
    before, agreed = counters.quota_keys(order), addenda.values_of(order) | await _place(session, order)
    changed = [*await _paint(session, order, wish), *await _move(session, order, wish)]
    await _recount(session, before, counters.quota_keys(order))
    for what in changed:
        note(order, f"{what}_changed", now)
        log.info("sales.order.changed", order_id=order.id, what=what)
    now_agreed = addenda.values_of(order) | await _place(session, order)
    await addenda.append(session, order, "changed", agreed, now_agreed, now)
    return order


async def _place(session: AsyncSession, order: Order) -> dict[str, str]:
    """Where the car is handed over, as a contract says it."""
    dealership = await session.get(Dealership, order.dealership_id)
    return {"dealership": dealership.name if dealership is not None else ""}


async def _paint(session: AsyncSession, order: Order, wish: Wish) -> Iterable[str]:
    if wish.colour is None or wish.colour == order.colour:
        return []
    _check(order, "colour", terms_of(order).colour_until)
    offering = await session.get_one(Offering, order.offering_id)
    if wish.colour not in offering.colours:
        raise UnknownColour
    order.colour = wish.colour
    return ["colour"]


async def _move(session: AsyncSession, order: Order, wish: Wish) -> Iterable[str]:
    if wish.dealership_id is None or wish.dealership_id == order.dealership_id:
        return []
    _check(order, "dealership", terms_of(order).dealership_until)
    dealership = await session.get(Dealership, wish.dealership_id)
    if dealership is None or not dealership.active:
        raise UnknownDealership
    await _check_province(session, order, dealership)
    offering = await session.get_one(Offering, order.offering_id)
    partners = {quota.key for quota in offering.quotas if quota.level == "dealership"}
    if partners and str(dealership.id) not in partners:
        raise DealershipNotOffered
    order.dealership_id = dealership.id
    return ["dealership"]


def _check(order: Order, what: str, until: Until | None) -> None:
    if order.state not in CHANGEABLE[until]:
        raise NotChangeable(what=what)


async def _check_province(session: AsyncSession, order: Order, dealership: Dealership) -> None:
    customer = await session.get_one(Customer, order.customer_id)
    if customer.province != dealership.province:
        raise NotEligible(Verdict(DEALERSHIP_IN_PROVINCE.name, False, DEALERSHIP_IN_PROVINCE.refused))


async def _recount(session: AsyncSession, before: Iterable[QuotaKey], after: Iterable[QuotaKey]) -> None:
    """The offering's own counter stays; those of the quotas that were left and entered move."""
    left, entered = set(before) - set(after), set(after) - set(before)
    if not entered:
        return
    offering_ids = {key[0] for key in entered}
    free = await counters.free_in_quotas(session, offering_ids)
    full = next((key for key in sorted(entered) if free.get(key, 1) < 1), None)
    if full is not None:
        raise SoldOut(full)
    await counters.move(session, {}, dict.fromkeys(left, -1) | dict.fromkeys(entered, 1))
