"""What an order freezes of its plan, worked out once for each offering."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sales.plans.tables import Offering, Plan
from sales.plans.terms import (
    Delivery,
    OrderTerms,
    PenaltyKind,
    PlanTerms,
    RuleSetVersion,
    schedule,
)
from sales.rules.domain import RULES, Rule
from sales.rules.tables import RuleSet

PENALTY_OF_KIND: Mapping[str, PenaltyKind] = {
    "immediate": "immediate",
    "pre_sale": "ordinary_pre_sale",
    "participation": "participation",
    "instalment": "definite_pre_sale",
    "power_of_attorney": "immediate",
}
"""Where the plan does not say otherwise; the rates are those of the bylaw's kinds of sale."""


@dataclass(frozen=True)
class FrozenPlan:
    """What never changes of a version of a plan; ``order_terms`` and their JSON ``texts`` by offering."""

    terms: PlanTerms
    rule_set: RuleSetVersion | None
    rules: tuple[Rule, ...]
    order_terms: Mapping[UUID, OrderTerms]
    texts: Mapping[UUID, str]


def frozen(plan: Plan, rule_sets: Mapping[UUID, RuleSet]) -> FrozenPlan:
    """``rule_sets`` has the plan's own, unless it names one that does not exist."""
    row = rule_sets.get(plan.rule_set_id) if plan.rule_set_id is not None else None
    version = RuleSetVersion(rule_set_id=row.id, version=row.version) if row is not None else None
    terms = PlanTerms.model_validate(plan.terms)
    of_cars = {car.id: order_terms(plan, car, terms, version) for car in plan.offerings}
    return FrozenPlan(
        terms=terms,
        rule_set=version,
        rules=RULES.validate_python(row.rules) if row is not None else (),
        order_terms=of_cars,
        texts={car_id: of_car.model_dump_json() for car_id, of_car in of_cars.items()},
    )


def order_terms(
    plan: Plan, offering: Offering, terms: PlanTerms, rule_set: RuleSetVersion | None
) -> OrderTerms:
    """The terms of an order of this car, made now."""
    kind = terms.rates.penalty_kind or PENALTY_OF_KIND[plan.kind]
    rates = terms.rates.model_copy(update={"penalty_kind": kind})
    return OrderTerms(
        **{**dict(terms), "rates": rates},
        kind=plan.kind,
        method=plan.method,
        schedule=schedule(offering.price, offering.prepayment, terms.instalments),
        delivery=delivery_of(offering),
        rule_set=rule_set,
    )


def delivery_of(offering: Offering) -> Delivery:
    return Delivery(
        from_date=offering.delivery_from, until_date=offering.delivery_until, days=offering.delivery_days
    )
