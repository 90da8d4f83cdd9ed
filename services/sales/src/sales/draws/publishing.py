"""From a plan to the rules of its draw, and from published rules to what is computed by them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sales.draws.allocation import ClassRules
from sales.draws.computing import Rules
from sales.draws.documents import DrawnClass, DrawnOffering, DrawRules
from sales.draws.domain import NotDivided
from sales.plans.tables import Offering, Plan
from sales.plans.terms import PlanTerms

PERCENT = 100


def rules_of(plan: Plan) -> DrawRules:
    """Raises ``NotDivided`` where several classes share an offering without quotas."""
    order = class_order(plan.applicant_classes, plan.quota_handover)
    onward = {code: _onward(code, plan.quota_handover) for code in order}
    percent = PlanTerms.model_validate(plan.terms).reserve_percent
    return DrawRules(
        plan_id=plan.id,
        circular=plan.circular,
        title=plan.title,
        classes=[DrawnClass(code, _number(order, onward[code])) for code in order],
        offerings=[_offering(car, order, onward, percent) for car in plan.offerings],
        max_choices=plan.max_choices,
    )


def class_order(classes: Sequence[str], handover: Sequence[str]) -> list[str]:
    """Those to whom seats are handed on come last, in the order of the handing on."""
    return [code for code in classes if code not in handover] + list(handover)


def heirs(code: str, handover: Sequence[str]) -> Sequence[str]:
    """The classes to which what this one leaves is handed on, one after the other."""
    return handover[handover.index(code) + 1 :] if code in handover else handover


def _onward(code: str, handover: Sequence[str]) -> str | None:
    return next(iter(heirs(code, handover)), None)


def _number(order: Sequence[str], code: str | None) -> int | None:
    return order.index(code) + 1 if code is not None else None


def _offering(
    car: Offering, order: Sequence[str], onward: Mapping[str, str | None], percent: int
) -> DrawnOffering:
    quotas = _quotas(car, order)
    most = dict(zip(order, quotas, strict=True))
    for code in order:
        following = onward[code]
        if following is not None:
            most[following] += most[code]
    reserves = [-(-most[code] * percent // PERCENT) for code in order]
    return DrawnOffering(car.id, f"{car.model} {car.trim}", car.capacity, quotas, reserves)


def _quotas(car: Offering, order: Sequence[str]) -> list[int]:
    shares = {quota.key: quota.capacity or 0 for quota in car.quotas if quota.level == "class"}
    if shares:
        return [shares.get(code, 0) for code in order]
    if len(order) > 1:
        raise NotDivided(offering_id=str(car.id))
    return [car.capacity]


def computable(rules: dict[str, Any]) -> Rules:
    """The quotas, reserves and offerings of a rules document."""
    offerings = rules["offerings"]
    return Rules(
        [
            ClassRules(
                [offering["quotas"][index] for offering in offerings],
                [offering["reserves"][index] for offering in offerings],
                one["hand_on"] - 1 if one["hand_on"] is not None else None,
            )
            for index, one in enumerate(rules["classes"])
        ],
        [one["code"] for one in rules["classes"]],
        [offering["offering_id"] for offering in offerings],
    )


def seats(rules: Rules, found: Sequence[Sequence[int]]) -> dict[tuple[UUID, str], int]:
    """The cars of each offering and class once all is handed on."""
    return {
        (UUID(offering_id), code): found[c][o]
        for c, code in enumerate(rules.class_codes)
        for o, offering_id in enumerate(rules.offering_ids)
    }
