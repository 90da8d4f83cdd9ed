"""How many of a car each dealership hands over, as rows of the plan's form: its code and its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iran import to_ascii_digits
from portal.forms import Form
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.pages.desk.rows import Rows
from portal.visit import Visit

FIELDS = ("code", "cars")
SPARE = 2
MOST = 2000


@dataclass(frozen=True)
class Directory:
    """All dealerships, those too that are in no list of the public any more."""

    dealerships: Sequence[Mapping[str, Any]] = ()

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The codes with names of those that are active."""
        return [(one["code"], _name(one)) for one in self.dealerships if one["active"]]

    @property
    def ids(self) -> dict[str, str]:
        """By code."""
        return {one["code"]: one["dealership_id"] for one in self.dealerships}

    @property
    def codes(self) -> dict[str, str]:
        """By id."""
        return {one["dealership_id"]: one["code"] for one in self.dealerships}

    @property
    def names(self) -> dict[str, str]:
        """By id."""
        return {one["dealership_id"]: _name(one) for one in self.dealerships}


async def directory(visit: Visit) -> Directory:
    if not may(visit, "dealerships.read"):
        return Directory()
    return Directory((await visit.get("/staff/dealerships"))["items"])


def rows_at(car: int) -> Rows:
    """Of the form's car."""
    return Rows(f"offerings.{car}.dealerships", FIELDS, SPARE, MOST)


def filled(form: Form, car: int, quotas: Mapping[str, int | None], known: Directory) -> None:
    """With what the plan says, where nothing has been typed."""
    codes = known.codes
    for row, (dealership, cars) in enumerate(quotas.items()):
        rows_at(car).fill(form, row, {"code": codes.get(dealership, dealership), "cars": cars})


def body_of(
    form: Form, car: int, before: Mapping[str, int | None], known: Directory
) -> dict[str, int | None]:
    """By id; one without a number has no limit. What is wrong is said beside it."""
    rows, ids = rows_at(car), known.ids | {dealership: dealership for dealership in before}
    quotas: dict[str, int | None] = {}
    for row in rows.filled(form):
        code, cars = rows.name(row, "code"), rows.name(row, "cars")
        dealership = ids.get(to_ascii_digits(form[code]))
        if dealership is None:
            form.errors[code] = gettext("نمایندگی‌ای با این کد نیست.")
        elif dealership in quotas:
            form.errors[code] = gettext("این نمایندگی یک بار آمده است.")
        else:
            quotas[dealership] = form.whole(cars) if form[cars] else None
    return quotas


def names_of(form: Form, sent: int, car: int, known: Directory) -> dict[str, str]:
    """Where the form has what the API calls otherwise."""
    rows, there, ids = rows_at(car), f"offerings.{sent}.dealership_quotas", known.ids
    names = {there: rows.name(0, "code")}
    for row in rows.filled(form):
        code = to_ascii_digits(form[rows.name(row, "code")])
        names[f"{there}.{ids.get(code, code)}"] = rows.name(row, "cars")
    return names


def _name(dealership: Mapping[str, Any]) -> str:
    return f"{dealership['name']}، {dealership['city']}"
