"""What is wrong with a plan as a whole: every fault at once, each with its field, its code and a sentence.

Sources: the makers' circulars (quotas nested in the capacity, transfer of pre-sales only, a blocked sum for a
sale by power of attorney).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from chassis.errors import FieldError
from iran import BillPair, tehran_date
from sales.plans.commands import PlanDraft
from sales.plans.drafts import QUOTA_FIELDS
from sales.plans.fault_words import FAULTS
from sales.plans.terms import Instalment, amounts

TRANSFERABLE = frozenset({"pre_sale", "participation"})


class Sibling(NamedTuple):
    """Another published plan of the same descent; ``cars`` are models and trims."""

    opens_at: datetime
    closes_at: datetime
    cars: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Surroundings:
    """What else is known when a plan is judged; ``rule_set`` is its validity, None for an unknown one."""

    now: datetime
    circular_taken: bool = False
    dealerships: frozenset[UUID] = frozenset()
    rule_set: tuple[date, date | None] | None = None
    siblings: Sequence[Sibling] = ()


Found = Iterator[tuple[str, str]]
"""The field and the code of each fault."""


def faults_of(plan: PlanDraft, around: Surroundings) -> list[FieldError]:
    """Nothing when the plan may be published."""
    return _told(fault for check in CHECKS for fault in check(plan, around))


def price_faults(plan: PlanDraft) -> list[FieldError]:
    """Of them those that a price may have."""
    return _told(_sums(plan))


def _told(found: Iterable[tuple[str, str]]) -> list[FieldError]:
    return [FieldError(field, code, FAULTS[code]) for field, code in found]


def _times(plan: PlanDraft, around: Surroundings) -> Found:
    if plan.closes_at <= around.now:
        yield "closes_at", "already_over"
    cars = {(car.model, car.trim) for car in plan.offerings}
    for other in around.siblings:
        if plan.opens_at < other.closes_at and other.opens_at < plan.closes_at and cars & other.cars:
            yield "opens_at", "overlapping_period"


def _names(plan: PlanDraft, around: Surroundings) -> Found:
    if around.circular_taken:
        yield "circular", "circular_taken"
    if plan.rule_set_id is None:
        return
    if around.rule_set is None:
        yield "rule_set_id", "unknown_rule_set"
        return
    valid_from, valid_until = around.rule_set
    if not valid_from <= tehran_date(plan.opens_at) <= (valid_until or date.max):
        yield "rule_set_id", "rule_set_not_valid"


def _classes(plan: PlanDraft, _: Surroundings) -> Found:
    for field in ("applicant_classes", "quota_handover"):
        named = getattr(plan, field)
        if len(set(named)) < len(named):
            yield field, "repeated"
    if not set(plan.quota_handover) <= set(plan.applicant_classes):
        yield "quota_handover", "unknown_class"


def _handover(plan: PlanDraft, _: Surroundings) -> Found:
    at = plan.quota_handover_at
    if at is None:
        return
    if plan.method != "first_come" or not plan.quota_handover or not plan.opens_at < at < plan.closes_at:
        yield "quota_handover_at", "handover_time"


def _quotas(plan: PlanDraft, around: Surroundings) -> Found:
    for index, car in enumerate(plan.offerings):
        place = f"offerings.{index}."
        for code in _named_faults(car.class_quotas.keys(), plan.applicant_classes, "unknown_class"):
            yield f"{place}class_quotas", code
        for code in _named_faults(car.colour_quotas.keys(), car.colours, "unknown_colour"):
            yield f"{place}colour_quotas", code
        if not set(car.dealership_quotas) <= around.dealerships:
            yield f"{place}dealership_quotas", "unknown_dealership"


def _capacities(plan: PlanDraft, _: Surroundings) -> Found:
    for index, car in enumerate(plan.offerings):
        for field in QUOTA_FIELDS.values():
            for code in _sum_faults(getattr(car, field).values(), car.capacity):
                yield f"offerings.{index}.{field}", code


def _named_faults(named: Collection[str], all_: Collection[str], unknown: str) -> Iterator[str]:
    """Where the capacity is divided, each one has a part of it, and nothing else has."""
    if not named:
        return
    if not set(named) <= set(all_):
        yield unknown
    if not set(all_) <= set(named):
        yield "quota_missing"


def _sum_faults(quotas: Collection[int | None], capacity: int) -> Iterator[str]:
    limits = [limit for limit in quotas if limit is not None]
    if sum(limits) > capacity:
        yield "quotas_exceed_capacity"
    elif quotas and len(limits) == len(quotas) and sum(limits) < capacity:
        yield "quotas_leave_capacity"


def _schedule(plan: PlanDraft, _: Surroundings) -> Found:
    instalments = plan.terms.instalments
    if plan.kind == "instalment" and not instalments:
        yield "terms.instalments", "instalments_needed"
    if instalments and plan.terms.price_policy != "fixed":
        yield "terms.instalments", "instalments_need_fixed_price"
    for index, each in enumerate(instalments):
        if (each.after_days is None) == (each.due_date is None):
            yield f"terms.instalments.{index}", "instalment_due"
        if each.share is not None and each.amount is not None:
            yield f"terms.instalments.{index}", "instalment_amount"
    for dues in ([each.after_days or 0 for each in instalments], _ordinals(instalments)):
        if sorted(set(filter(None, dues))) != list(filter(None, dues)):
            yield "terms.instalments", "instalment_order"


def _ordinals(instalments: Sequence[Instalment]) -> list[int]:
    return [each.due_date.toordinal() if each.due_date else 0 for each in instalments]


def _sums(plan: PlanDraft, _: Surroundings | None = None) -> Found:
    for index, car in enumerate(plan.offerings if plan.terms.instalments else ()):
        due = amounts(car.price, car.prepayment, plan.terms.instalments)
        paid = car.prepayment + sum(due)
        if paid > car.price or min(due) <= 0:
            yield f"offerings.{index}.price", "instalments_exceed_price"
        elif paid < car.price and plan.kind == "instalment":
            yield f"offerings.{index}.price", "instalments_below_price"
        elif any(amount % BillPair.STEP or amount > BillPair.MAX_AMOUNT for amount in due):
            yield f"offerings.{index}.price", "instalment_not_payable"


def _kind(plan: PlanDraft, _: Surroundings) -> Found:
    if plan.terms.transfer_allowed and plan.kind not in TRANSFERABLE:
        yield "terms.transfer_allowed", "transfer_needs_pre_sale"
    if plan.kind == "power_of_attorney" and plan.terms.deposit == 0:
        yield "terms.deposit", "deposit_needed"
    if plan.method == "first_come" and plan.max_choices > 1:
        yield "max_choices", "one_choice"
    if plan.max_choices > len(plan.offerings):
        yield "max_choices", "too_many_choices"


def _draw(plan: PlanDraft, _: Surroundings) -> Found:
    """A draw divides the cars between classes, and only between them."""
    for index, car in enumerate(plan.offerings if plan.method == "draw" else ()):
        if len(plan.applicant_classes) > 1 and not car.class_quotas:
            yield f"offerings.{index}.class_quotas", "draw_needs_class_quotas"
        if car.colour_quotas:
            yield f"offerings.{index}.colour_quotas", "draw_divides_by_class"
        if any(limit is not None for limit in car.dealership_quotas.values()):
            yield f"offerings.{index}.dealership_quotas", "draw_divides_by_class"


def _delivery(plan: PlanDraft, _: Surroundings) -> Found:
    for index, car in enumerate(plan.offerings):
        first = car.delivery_from or car.delivery_until
        if car.delivery_days is not None and first is not None:
            yield f"offerings.{index}.delivery_days", "delivery_twice"
        if first is not None and first < tehran_date(plan.opens_at):
            yield f"offerings.{index}.delivery_from", "delivery_before_sale"


CHECKS: tuple[Callable[[PlanDraft, Surroundings], Found], ...] = (
    _times,
    _names,
    _classes,
    _handover,
    _quotas,
    _capacities,
    _schedule,
    _sums,
    _kind,
    _draw,
    _delivery,
)
