"""A plan's rows and the form that writes them, each made of the other."""

from collections.abc import Iterator

from uuid_utils.compat import uuid7

from sales.plans.commands import OfferingDraft, PlanDraft
from sales.plans.domain import QuotaLevel
from sales.plans.tables import Offering, Plan, Quota

PLAN_FIELDS = (
    "circular",
    "title",
    "kind",
    "method",
    "opens_at",
    "closes_at",
    "pay_within",
    "minimum_age",
    "required_inquiries",
    "applicant_classes",
    "quota_handover",
    "quota_handover_at",
    "max_choices",
    "rule_set_id",
)
OFFERING_FIELDS = (
    "model",
    "trim",
    "colours",
    "price",
    "prepayment",
    "capacity",
    "delivery_from",
    "delivery_until",
    "delivery_days",
)
QUOTA_FIELDS: dict[QuotaLevel, str] = {
    "class": "class_quotas",
    "colour": "colour_quotas",
    "dealership": "dealership_quotas",
}


def fill(plan: Plan, draft: PlanDraft) -> None:
    """Writes the form into the rows; the offerings are new ones."""
    for name in PLAN_FIELDS:
        setattr(plan, name, getattr(draft, name))
    plan.terms = draft.terms.model_dump(mode="json")
    plan.offerings = [_offering(position, each) for position, each in enumerate(draft.offerings)]


def draft_of(plan: Plan, **changes: object) -> PlanDraft:
    """The form that would write this plan, but for the ``changes``."""
    return PlanDraft.model_validate(
        {name: getattr(plan, name) for name in PLAN_FIELDS}
        | {"terms": plan.terms, "offerings": [_form(row) for row in plan.offerings]}
        | changes
    )


def _offering(position: int, draft: OfferingDraft) -> Offering:
    return Offering(
        id=uuid7(),
        position=position,
        sold=0,
        quotas=list(_quotas(draft)),
        **{name: getattr(draft, name) for name in OFFERING_FIELDS},
    )


def _quotas(draft: OfferingDraft) -> Iterator[Quota]:
    for level, field in QUOTA_FIELDS.items():
        for position, (key, capacity) in enumerate(getattr(draft, field).items()):
            yield Quota(level=level, key=str(key), position=position, capacity=capacity, sold=0)


def _form(row: Offering) -> dict[str, object]:
    quotas = {
        field: {quota.key: quota.capacity for quota in row.quotas if quota.level == level}
        for level, field in QUOTA_FIELDS.items()
    }
    return {name: getattr(row, name) for name in OFFERING_FIELDS} | quotas
