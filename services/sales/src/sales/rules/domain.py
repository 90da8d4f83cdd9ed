"""The rules that a circular may ask for, each a name with its parameters.

Sources: the makers' circulars (adult with a licence of the third class; no active plate, or a single one on
an old car; 48 months since the last purchase; not on the list of the banned). What holds for every plan (an
open account, a verified mobile, a dealership of one's province, one order per person) is not repeated here.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from chassis.days import Day
from chassis.errors import Problem
from chassis.validation import wrong_value
from events.identity import InquiryKind

FactName = Literal["licence", "plate", "purchase", "ban", "class_member"]


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Age(_Rule):
    """Whole years on the day of the order."""

    name: Literal["age"]
    minimum: Annotated[int, Field(ge=18, le=120)] = 18
    maximum: Annotated[int, Field(ge=18, le=120)] = 120

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.maximum < self.minimum:
            raise wrong_value(
                "age_range", "حداکثر سن از حداقل آن کمتر است.", "The maximum is below the minimum."
            )
        return self


class Inquiries(_Rule):
    """Each of these must have matched."""

    name: Literal["inquiries"]
    kinds: Annotated[tuple[InquiryKind, ...], Field(min_length=1)]


class Licence(_Rule):
    """A driver's licence of this class or a higher one (1 is the highest)."""

    name: Literal["licence"]
    lowest_class: Annotated[int, Field(ge=1, le=3)] = 3


class NoActivePlate(_Rule):
    """No active plate, or a single one whose car is older than so many years, where that is given."""

    name: Literal["no_active_plate"]
    single_older_than_years: Annotated[int, Field(ge=1, le=50)] | None = None


class MonthsSincePurchase(_Rule):
    """Calendar months since the last purchase; of any maker when ``makers`` is empty."""

    name: Literal["months_since_purchase"]
    months: Annotated[int, Field(ge=1, le=240)]
    makers: Annotated[tuple[str, ...], Field(max_length=50)] = ()


class NotBanned(_Rule):
    name: Literal["not_banned"]


Rule = Age | Inquiries | Licence | NoActivePlate | MonthsSincePurchase | NotBanned
Rules = Annotated[
    tuple[Annotated[Rule, Field(discriminator="name")], ...], Field(min_length=1, max_length=30)
]
RULES: TypeAdapter[tuple[Rule, ...]] = TypeAdapter(Rules)

CONSULTED: dict[str, FactName] = {
    "licence": "licence",
    "no_active_plate": "plate",
    "months_since_purchase": "purchase",
    "not_banned": "ban",
}
"""The fact that a rule looks at, of the lists that staff bring in."""


class RuleSetDraft(BaseModel):
    """The next version of the list called ``name``."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    valid_from: Day
    valid_until: Day | None = None
    rules: Rules

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise wrong_value("validity", "دوره‌ی اعتبار وارونه است.", "The validity is reversed.")
        return self


class OverlappingValidity(Problem):
    status = 409
    code = "overlapping_validity"
    fa = "دوره‌ی اعتبار با نسخه‌ی {version} هم‌پوشانی دارد."
    en = "The validity overlaps that of version {version}."
