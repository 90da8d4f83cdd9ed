"""What a sales manager sends to write a plan."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from chassis.days import Day, Moment
from chassis.validation import wrong_value
from events.identity import InquiryKind
from iran import BillPair, normalise
from sales.plans.domain import ORDINARY, ApplicantClass, PlanKind, PlanMethod
from sales.plans.terms import Days, PlanTerms

Name = Annotated[
    str, StringConstraints(max_length=120), AfterValidator(normalise), StringConstraints(min_length=1)
]
Cars = Annotated[int, Field(ge=0, le=10_000_000)]
MAX_PRICE = 10**13
MAX_CHOICES = 20


Price = Annotated[int, Field(gt=0, le=MAX_PRICE)]
Prepayment = Annotated[int, Field(gt=0, le=BillPair.MAX_AMOUNT, multiple_of=BillPair.STEP)]
"""An amount that a bill's ids can carry."""


def check_prepayment(prepayment: int, price: int) -> None:
    """Raises a ``PydanticCustomError``."""
    if prepayment > price:
        raise wrong_value("prepayment_above_price", "پیش‌پرداخت از قیمت بیشتر است.", "It exceeds the price.")


class OfferingDraft(BaseModel):
    """Money in Rial; ``prepayment`` is what an order pays at once.

    The quotas divide the capacity: by applicant class, by colour, by dealership. Where there are dealerships,
    only they hand the car over; one without a number has no limit of its own.
    """

    model_config = ConfigDict(extra="forbid")

    model: Name
    trim: Name
    colours: Annotated[list[Name], Field(min_length=1, max_length=30)]
    price: Price
    prepayment: Prepayment
    capacity: Annotated[int, Field(gt=0, le=10_000_000)]
    delivery_from: Day | None = None
    delivery_until: Day | None = None
    delivery_days: Days | None = None
    class_quotas: dict[ApplicantClass, Cars] = {}
    colour_quotas: dict[Name, Cars] = {}
    dealership_quotas: Annotated[dict[UUID, Cars | None], Field(max_length=2000)] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_prepayment(self.prepayment, self.price)
        if self.delivery_from and self.delivery_until and self.delivery_until < self.delivery_from:
            raise wrong_value(
                "delivery_window", "بازه‌ی تحویل وارونه است.", "The delivery window is reversed."
            )
        return self


def _once_each(kinds: list[InquiryKind]) -> list[InquiryKind]:
    return sorted(set(kinds))


class PlanDraft(BaseModel):
    """A whole plan; ``pay_within`` is an ISO 8601 duration such as ``PT48H``.

    Who orders must match in each of ``required_inquiries`` and meet the rules of ``rule_set_id``. The seats
    that a class does not use go to the classes of ``quota_handover``, in their order; in a first-come plan to
    the first of them, by themselves at ``quota_handover_at`` if that is given.
    """

    model_config = ConfigDict(extra="forbid")

    circular: Name
    title: Name
    kind: PlanKind
    method: PlanMethod = "first_come"
    opens_at: Moment
    closes_at: Moment
    pay_within: Annotated[timedelta, Field(ge=timedelta(seconds=1), le=timedelta(days=30))]
    minimum_age: Annotated[int, Field(ge=18, le=100)] = 18
    required_inquiries: Annotated[list[InquiryKind], AfterValidator(_once_each)] = []
    applicant_classes: Annotated[list[ApplicantClass], Field(min_length=1, max_length=10)] = [ORDINARY]
    quota_handover: Annotated[list[ApplicantClass], Field(max_length=10)] = []
    quota_handover_at: Moment | None = None
    max_choices: Annotated[int, Field(ge=1, le=MAX_CHOICES)] = 1
    rule_set_id: UUID | None = None
    terms: PlanTerms = PlanTerms()
    offerings: Annotated[list[OfferingDraft], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        _check_window(self.opens_at, self.closes_at)
        return self


class PlanCopy(BaseModel):
    """What is new in a copy; everything else is as it was."""

    model_config = ConfigDict(extra="forbid")

    circular: Name
    title: Name | None = None
    opens_at: Moment
    closes_at: Moment

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        _check_window(self.opens_at, self.closes_at)
        return self


class Handover(BaseModel):
    """``to`` is one of the plan's ``quota_handover``."""

    model_config = ConfigDict(extra="forbid")

    to: ApplicantClass


def _check_window(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise wrong_value("plan_window", "طرح پیش از باز شدن بسته می‌شود.", "The plan closes before it opens.")
