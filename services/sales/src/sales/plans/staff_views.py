"""How a plan looks to the staff."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from sales.plans.domain import PlanState, state_at
from sales.plans.tables import Offering, Plan
from sales.plans.terms import PlanTerms


class QuotaView(BaseModel):
    """``level`` is class, colour or dealership; without a ``capacity`` nothing is counted."""

    level: str
    key: str
    capacity: int | None
    sold: int


class StaffOfferingView(BaseModel):
    """Money in Rial."""

    offering_id: UUID
    model: str
    trim: str
    colours: list[str]
    price: int
    prepayment: int
    delivery_from: date | None
    delivery_until: date | None
    delivery_days: int | None
    available: int
    capacity: int
    sold: int
    quotas: list[QuotaView]

    @classmethod
    def of(cls, row: Offering) -> "StaffOfferingView":
        return cls(
            offering_id=row.id,
            model=row.model,
            trim=row.trim,
            colours=row.colours,
            price=row.price,
            prepayment=row.prepayment,
            delivery_from=row.delivery_from,
            delivery_until=row.delivery_until,
            delivery_days=row.delivery_days,
            available=row.capacity - row.sold,
            capacity=row.capacity,
            sold=row.sold,
            quotas=[QuotaView.model_validate(quota, from_attributes=True) for quota in row.quotas],
        )


class StaffPlanView(BaseModel):
    """``paused`` is what staff set, whatever the clock says; ``copied_from`` is another plan.
    The seats were handed on by themselves ``handed_over_at``."""

    plan_id: UUID
    circular: str
    title: str
    kind: str
    method: str
    state: PlanState
    paused: bool
    opens_at: datetime
    closes_at: datetime
    pay_within: timedelta
    minimum_age: int
    required_inquiries: list[str]
    applicant_classes: list[str]
    quota_handover: list[str]
    quota_handover_at: datetime | None
    handed_over_at: datetime | None
    max_choices: int
    rule_set_id: UUID | None
    copied_from: UUID | None
    terms: PlanTerms
    version: int
    offerings: list[StaffOfferingView]

    @classmethod
    def of(cls, plan: Plan, now: datetime) -> "StaffPlanView":
        return cls(
            plan_id=plan.id,
            circular=plan.circular,
            title=plan.title,
            kind=plan.kind,
            method=plan.method,
            state=state_at(plan.stage, plan.opens_at, plan.closes_at, now, paused=plan.paused),
            paused=plan.paused,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            pay_within=plan.pay_within,
            minimum_age=plan.minimum_age,
            required_inquiries=plan.required_inquiries,
            applicant_classes=plan.applicant_classes,
            quota_handover=plan.quota_handover,
            quota_handover_at=plan.quota_handover_at,
            handed_over_at=plan.handed_over_at,
            max_choices=plan.max_choices,
            rule_set_id=plan.rule_set_id,
            copied_from=plan.copied_from,
            terms=PlanTerms.model_validate(plan.terms),
            version=plan.version,
            offerings=[StaffOfferingView.of(row) for row in plan.offerings],
        )
