"""Placing an order: what is decided from memory before the admission."""

from collections.abc import Mapping
from uuid import UUID

from uuid_utils.compat import uuid7

from chassis.errors import Problem
from iran import tehran_date
from sales.eligibility.domain import Terms
from sales.orders.admission import Admission
from sales.orders.domain import Choice, Receipt, SoldOut, UnknownColour, UnknownDealership, UnknownOffering
from sales.orders.intake import NewOrder
from sales.orders.numbers import NumberKind, new_number
from sales.plans.catalogue import Catalogue, OfferedCar, PublishedPlan
from sales.plans.domain import PlanNotOpen


async def place(choice: Choice, catalogue: Catalogue, admission: Admission) -> Receipt:
    """The receipt of a new order, or of the same request made before; raises what refuses it."""
    plan = catalogue.plan(choice.plan_id)
    car = _chosen(plan.offerings, choice)
    province = catalogue.province_of(choice.dealership_id)
    if province is None:
        raise UnknownDealership
    now = catalogue.now()
    terms = Terms(tehran_date(now), plan.minimum_age, frozenset({province}), plan.required_inquiries)
    refused: Problem | None = None
    if plan.state_at(now) != "open":
        refused = PlanNotOpen(opens_at=plan.opens_at, closes_at=plan.closes_at)
    elif car.offering_id in catalogue.sold_out:
        refused = SoldOut()
    if refused is not None and choice.idempotency_key is None:
        raise refused
    order = _new_order(choice, plan, car, catalogue) if refused is None else None
    return await admission.admit(choice, terms, order, refused)


def _chosen(offerings: Mapping[UUID, OfferedCar], choice: Choice) -> OfferedCar:
    car = offerings.get(choice.offering_id)
    if car is None:
        raise UnknownOffering
    if choice.colour is not None and choice.colour not in car.colours:
        raise UnknownColour
    return car


def _new_order(choice: Choice, plan: PublishedPlan, car: OfferedCar, catalogue: Catalogue) -> NewOrder:
    placed_at = catalogue.now()
    return NewOrder(
        id=uuid7(),
        choice=choice,
        request_number=new_number(NumberKind.REQUEST),
        title=f"{car.model} {car.trim}",
        price=car.price,
        prepayment=car.prepayment,
        placed_at=placed_at,
        pay_before=placed_at + plan.pay_within,
    )
