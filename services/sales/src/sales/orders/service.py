"""Placing an order: what is decided from memory before the admission."""

from uuid import UUID

from uuid_utils.compat import uuid7

from chassis.errors import Problem
from iran import tehran_date
from sales.eligibility.domain import Terms
from sales.orders.admission import Admission
from sales.orders.domain import (
    Choice,
    ColourRequired,
    DealershipNotOffered,
    Receipt,
    RepeatedChoice,
    SoldOut,
    TooManyChoices,
    UnknownClass,
    UnknownColour,
    UnknownDealership,
    UnknownOffering,
    WantedCar,
)
from sales.orders.intake import NewOrder
from sales.orders.numbers import NumberKind, new_number
from sales.plans.catalogue import Catalogue, OfferedCar, PublishedPlan
from sales.plans.domain import PlanNotOpen, PlanPaused, QuotaKey


async def place(choice: Choice, catalogue: Catalogue, admission: Admission) -> Receipt:
    """The receipt of a new order, or of the same request made before; raises what refuses it."""
    plan = catalogue.plan(choice.plan_id)
    car = _chosen(plan, choice)
    province = catalogue.province_of(choice.dealership_id)
    if province is None:
        raise UnknownDealership
    quotas = quotas_of(car, choice.applicant_class, choice.dealership_id, choice.colour)
    refused = _refusal(plan, car, quotas, catalogue)
    if refused is not None and choice.idempotency_key is None:
        raise refused
    terms = Terms(
        tehran_date(catalogue.now()),
        plan.minimum_age,
        frozenset({province}),
        plan.required_inquiries,
        plan.rules,
        choice.applicant_class,
        plan.rule_set.rule_set_id if plan.rule_set else None,
    )
    order = _new_order(choice, plan, car, quotas, catalogue) if refused is None else None
    return await admission.admit(choice, terms, order, refused)


def quotas_of(
    car: OfferedCar, applicant_class: str, dealership_id: UUID, colour: str | None
) -> tuple[QuotaKey, ...]:
    """The limited quotas that such an order counts in."""
    if not car.free_in_quotas:
        return ()
    keys: list[QuotaKey] = [
        (car.offering_id, "class", applicant_class),
        (car.offering_id, "dealership", str(dealership_id)),
        (car.offering_id, "colour", colour or ""),
    ]
    return tuple(key for key in keys if key[1:] in car.free_in_quotas)


def _chosen(plan: PublishedPlan, choice: Choice) -> OfferedCar:
    """The first choice; raises what is wrong with any of them."""
    if choice.applicant_class not in plan.applicant_classes:
        raise UnknownClass
    if len(choice.choices) > plan.max_choices:
        raise TooManyChoices(max_choices=plan.max_choices)
    if len({wanted.offering_id for wanted in choice.choices}) < len(choice.choices):
        raise RepeatedChoice
    first, *_ = [_offered(plan, wanted, choice.dealership_id) for wanted in choice.choices]
    return first


def _offered(plan: PublishedPlan, wanted: WantedCar, dealership_id: UUID) -> OfferedCar:
    car = plan.offerings.get(wanted.offering_id)
    if car is None:
        raise UnknownOffering
    check_colour(car, wanted.colour)
    check_dealership(car, dealership_id)
    return car


def check_colour(car: OfferedCar, colour: str | None) -> None:
    """Raises ``UnknownColour``, or ``ColourRequired`` where each colour is counted."""
    if colour is not None and colour not in car.colours:
        raise UnknownColour
    if colour is None and any(level == "colour" for level, _ in car.free_in_quotas):
        raise ColourRequired


def check_dealership(car: OfferedCar, dealership_id: UUID) -> None:
    """Raises ``DealershipNotOffered`` where others hand the car over."""
    if car.dealerships and dealership_id not in car.dealerships:
        raise DealershipNotOffered


def _refusal(
    plan: PublishedPlan, car: OfferedCar, quotas: tuple[QuotaKey, ...], catalogue: Catalogue
) -> Problem | None:
    """What memory knows against it."""
    state = plan.state_at(catalogue.now())
    if state == "paused":
        return PlanPaused()
    if state != "open":
        return PlanNotOpen(opens_at=plan.opens_at, closes_at=plan.closes_at)
    if plan.method == "draw":
        return None
    levels: tuple[UUID | QuotaKey, ...] = (car.offering_id, *quotas)
    full = next((level for level in levels if level in catalogue.sold_out), None)
    return SoldOut(full) if full is not None else None


def _new_order(
    choice: Choice,
    plan: PublishedPlan,
    car: OfferedCar,
    quotas: tuple[QuotaKey, ...],
    catalogue: Catalogue,
) -> NewOrder:
    placed_at = catalogue.now()
    drawn = plan.method == "draw"
    places = {offering_id: number for number, offering_id in enumerate(plan.offerings, 1)} if drawn else {}
    return NewOrder(
        id=uuid7(),
        choice=choice,
        request_number=new_number(NumberKind.REQUEST),
        title=f"{car.model} {car.trim}",
        price=car.price,
        prepayment=car.prepayment,
        placed_at=placed_at,
        pay_before=None if drawn else placed_at + plan.pay_within,
        terms=car.terms_text,
        quotas=() if drawn else quotas,
        numbers=tuple(places[wanted.offering_id] for wanted in choice.choices) if drawn else (),
    )
