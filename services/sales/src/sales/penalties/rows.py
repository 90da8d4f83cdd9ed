"""A rate as staff write it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chassis.days import Day
from sales.plans.terms import PenaltyKind, Rate


class NewRate(BaseModel):
    """In force from ``valid_from`` on; ``monthly`` and ``yearly_deposit`` in basis points.

    A month counts ``divisor`` days. ``source`` is the circular or the law.
    """

    model_config = ConfigDict(extra="forbid")

    kind: PenaltyKind
    valid_from: Day
    monthly: Rate
    yearly_deposit: Rate = 0
    divisor: Annotated[int, Field(ge=28, le=31)] = 30
    source: Annotated[str, Field(min_length=3, max_length=300)]
