"""A line of a list that staff bring in: what it says of one person."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chassis.days import FileDay
from chassis.validation import wrong_value
from iran import NationalCode, matching_key, normalise
from sales.rules.domain import FactName

FACT_WORDS: Mapping[FactName, str] = {
    "licence": "گواهینامه",
    "plate": "پلاک",
    "purchase": "خرید",
    "ban": "منع",
    "class_member": "عضویت",
}
NEEDED: Mapping[FactName, str] = {
    "licence": "licence_class",
    "plate": "model_year",
    "purchase": "on",
    "ban": "item",
    "class_member": "item",
}
"""The column that a fact cannot do without."""
_FACTS = {matching_key(words): name for name, words in FACT_WORDS.items()}


def _fact(value: object) -> object:
    return _FACTS.get(matching_key(value), value.strip().lower()) if isinstance(value, str) else value


def _empty(value: object) -> object:
    """An empty cell is none."""
    return None if isinstance(value, str) and not value.strip() else value


class FactRow(BaseModel):
    """``item`` tells several of one person apart: the maker, the plate, the class, the reason of a ban.

    A ``withdrawn`` line takes an earlier one back. ``model_year`` is Jalali or Gregorian.
    """

    model_config = ConfigDict(extra="forbid")

    fact: Annotated[FactName, BeforeValidator(_fact), Field(title="موضوع")]
    national_code: Annotated[NationalCode, Field(title="کد ملی")]
    source: Annotated[str, Field(title="منبع", min_length=1, max_length=80), AfterValidator(normalise)]
    item: Annotated[str, Field(title="شناسه", max_length=80), AfterValidator(normalise)] = ""
    licence_class: Annotated[int | None, BeforeValidator(_empty), Field(title="پایه", ge=1, le=3)] = None
    model_year: Annotated[int | None, BeforeValidator(_empty), Field(title="سال ساخت", ge=1300, le=2100)] = (
        None
    )
    on: Annotated[FileDay | None, BeforeValidator(_empty), Field(title="تاریخ")] = None
    until: Annotated[FileDay | None, BeforeValidator(_empty), Field(title="تا تاریخ")] = None
    withdrawn: Annotated[bool, Field(title="پس گرفته")] = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.withdrawn and not getattr(self, NEEDED[self.fact]):
            column = NEEDED[self.fact]
            raise wrong_value("column_needed", f"ستون {column} لازم است.", f"The column {column} is needed.")
        return self

    def value(self) -> dict[str, object]:
        """What the rules read; JSON."""
        found = {"class": self.licence_class, "model_year": self.model_year}
        days: dict[str, date | None] = {"on": self.on, "until": self.until}
        given = {name: number for name, number in found.items() if number is not None}
        return {**given, **{name: day.isoformat() for name, day in days.items() if day is not None}}
