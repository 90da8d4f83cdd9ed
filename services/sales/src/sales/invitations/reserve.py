"""Cars that came back to a plan with a draw go to the next in its reserve, in the order of the draw."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.capacity import counters
from sales.invitations import drawn
from sales.invitations.drawn import Vacancy
from sales.invitations.issuing import Issuer
from sales.invitations.seats import take_seats
from sales.orders import queries as placed
from sales.orders.domain import OrderState
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.plans.tables import Offering
from sales.working_days.queries import calendar


async def hand_over(session: AsyncSession, freed: Sequence[Order], now: datetime) -> None:
    """Invites as many of the reserve as cars were freed; the caller has locked the offerings.

    A car for which nobody waits any more stays free.
    """
    vacancies = Counter(
        Vacancy(order.plan_id, order.offering_id, order.applicant_class)
        for order in freed
        if terms_of(order).method == "draw"
    )
    if not vacancies:
        return
    issuer = Issuer(now, await calendar(session))
    for vacancy, cars in sorted(vacancies.items()):
        await promote(session, vacancy, cars, issuer)


async def promote(session: AsyncSession, vacancy: Vacancy, cars: int, issuer: Issuer) -> int:
    """Invites the next ``cars`` of the reserve for a free car each; how many there were.

    When the reserve of the class is at its end, those of the classes follow to which the plan hands on what
    the class leaves: the seat is theirs from then on.
    """
    places = await drawn.next_in_reserve(session, vacancy, cars) if cars else []
    invited = await _invite(session, vacancy, places, issuer)
    left = cars - len(places)
    if not left:
        return invited
    for heir in await drawn.heirs_of(session, vacancy):
        places = await drawn.next_in_reserve(session, heir, left)
        places = places[: await counters.hand_on(session, vacancy.seat, heir.seat, len(places))]
        invited += await _invite(session, heir, places, issuer)
        left -= len(places)
    return invited


async def _invite(session: AsyncSession, vacancy: Vacancy, order_ids: Sequence[UUID], issuer: Issuer) -> int:
    if not order_ids:
        return 0
    return len(await invite(session, issuer, await placed.locked(session, order_ids), vacancy))


async def invite(
    session: AsyncSession, issuer: Issuer, orders: Sequence[Order], vacancy: Vacancy
) -> Sequence[Order]:
    """Invites those of the locked ``orders`` that still wait for the draw, for the car that it gave them.

    The caller has locked the offering. Who finds no room in it, or in a quota of it, is not invited.
    """
    car = await session.get_one(Offering, vacancy.offering_id, populate_existing=True)
    waiting = [order for order in orders if order.state == OrderState.REGISTERED]
    if not waiting:
        return []
    terms = await drawn.terms_of_car(session, car)
    for order in waiting:
        _give(order, car, terms)
    seated = await take_seats(session, waiting)
    for order in seated:
        await issuer.issue(session, order, "prepayment", order.prepayment)
    return seated


def _give(order: Order, car: Offering, terms: dict[str, object]) -> None:
    order.offering_id = car.id
    order.title = f"{car.model} {car.trim}"
    order.price, order.prepayment = car.price, car.prepayment
    order.colour = order.colour if order.colour in car.colours else None
    order.terms = terms
