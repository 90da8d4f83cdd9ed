"""An order that is being filled in: its state is the page's address, so nothing is lost on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from portal.forms import Form
from portal.language import gettext

Plan = Mapping[str, Any]
Car = Mapping[str, Any]
APART = "|"
"""Between a car's id and its colour in the value of a choice."""
MOST_CHOICES = 20


@dataclass(frozen=True)
class Wanted:
    """``colour`` is empty when any will do."""

    car: Car
    colour: str

    @property
    def value(self) -> str:
        return f"{self.car['offering_id']}{APART}{self.colour}"

    @property
    def label(self) -> str:
        colour = self.colour or gettext("هر رنگی")
        return f"{self.car['model']} {self.car['trim']}{gettext('، ')}{colour}"

    @property
    def is_there(self) -> bool:
        """Whether one is free, as far as the plan's page knows."""
        by_colour = self.car["available_by_colour"]
        return bool(self.car["available"]) and (self.colour not in by_colour or by_colour[self.colour] > 0)


@dataclass(frozen=True)
class Draft:
    """``form`` keeps the names of the fields: ``choice1``..., ``class`` and ``dealership_id``."""

    plan: Plan
    form: Form

    @property
    def is_draw(self) -> bool:
        return bool(self.plan["method"] == "draw")

    @property
    def names(self) -> list[str]:
        """The fields of the choices; a plan without a draw has one."""
        count = min(self.plan["max_choices"], MOST_CHOICES) if self.is_draw else 1
        return [f"choice{number}" for number in range(1, count + 1)]

    @property
    def wanted(self) -> list[Wanted]:
        """The choices in their order; what the plan does not offer is left out."""
        offered = {wish.value: wish for wish in offers(self.plan)}
        return [offered[self.form[name]] for name in self.names if self.form[name] in offered]

    @property
    def applicant_class(self) -> str:
        given = self.form["class"]
        known = self.plan["applicant_classes"]
        return given if given in known else known[0]

    @property
    def query(self) -> str:
        names = (*self.names, "class", "dealership_id")
        return urlencode({name: self.form[name] for name in names if self.form[name]})

    def check_choices(self) -> bool:
        """Whether they can be ordered; says beside the field what cannot."""
        if not self.wanted:
            self.form.errors[self.names[0]] = gettext("خودرو و رنگ را انتخاب کنید.")
        ids = [wish.car["offering_id"] for wish in self.wanted]
        if len(set(ids)) < len(ids):
            self.form.errors[self.names[-1]] = gettext("هر خودرو تنها یک بار انتخاب می‌شود.")
        if not self.is_draw:
            gone = [wish for wish in self.wanted if not wish.is_there]
            if gone:
                self.form.problem = gettext("این انتخاب در همین فاصله تمام شد. یکی دیگر را برگزینید.")
        return not self.form.is_wrong

    def handing_over(self, dealerships: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those of the dealerships that hand over all the cars that are wanted."""
        limits = [set(wish.car["dealerships"]) for wish in self.wanted if wish.car["dealerships"]]
        return [one for one in dealerships if all(one["dealership_id"] in limit for limit in limits)]

    @property
    def body(self) -> dict[str, object]:
        """What the API takes."""
        return {
            "plan_id": self.plan["plan_id"],
            "choices": [
                {"offering_id": wish.car["offering_id"], "colour": wish.colour or None}
                for wish in self.wanted
            ],
            "dealership_id": self.form["dealership_id"],
            "applicant_class": self.applicant_class,
        }


def offers(plan: Plan) -> list[Wanted]:
    """Every car in every colour; in any colour, too, where colours are not counted."""
    found: list[Wanted] = []
    for car in plan["offerings"]:
        found += [Wanted(car, colour) for colour in car["colours"]]
        if not car["available_by_colour"]:
            found.append(Wanted(car, ""))
    return found
