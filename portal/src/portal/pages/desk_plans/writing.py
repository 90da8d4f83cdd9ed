"""A plan as the fields of a form, and the fields as the plan that the API takes.

What the form does not ask for stays as it is in the plan that is rewritten.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from iran import tehran_time, to_ascii_digits
from portal.formats import BASIS_POINTS, jalali_typed
from portal.forms import Form
from portal.language import gettext
from portal.pages.desk.fields import percent_of
from portal.pages.desk_plans import dealers, instalments
from portal.pages.desk_plans.dealers import Directory

SAID = ("circular", "title", "kind", "method")
"""Fields that the plan and the form have alike."""
CHECKED = ("applicant_classes", "required_inquiries")
"""Fields of several choices."""
WHOLE_NUMBERS = ("minimum_age", "max_choices")
CAR_TEXTS = ("model", "trim")
CAR_NUMBERS = ("price", "prepayment", "capacity", "delivery_days")
CAR_DAYS = ("delivery_from", "delivery_until")
PERCENTS = ("cancellation_profit", "cancellation_deduction", "late_fee", "participation_profit")
UNTIL = ("colour_until", "dealership_until")
TERM_CODES = ("price_policy",)
TERM_NUMBERS = ("deposit", "reserve_percent")
PERIODS = ("invitation_days", "settlement_days", "refund_days", "expiry_months", "transfer_days")
HANDOVER = ("handover.1", "handover.2", "handover.3", "handover.4")
"""The classes that get what others leave, in their order."""
ALLOWED = ("transfer_allowed", "cancellation_allowed", "reassignment_allowed")
FEW_CARS = 3
HOUR = 3600
DURATION = TypeAdapter(timedelta)
UNSENT = frozenset({"plan_id", "state", "paused", "handed_over_at", "copied_from", "version", "orders"})


def filled(form: Form, plan: Mapping[str, Any], known: Directory) -> Form:
    """With what the plan says, where nothing has been typed."""
    opens, closes = (tehran_time(datetime.fromisoformat(plan[name])) for name in ("opens_at", "closes_at"))
    form.fill({name: plan[name] for name in (*SAID, *WHOLE_NUMBERS)})
    form.fill({"opens_on": jalali_typed(opens), "opens_time": f"{opens:%H:%M}"})
    form.fill({"closes_on": jalali_typed(closes), "closes_time": f"{closes:%H:%M}"})
    form.fill({"pay_hours": _hours(plan["pay_within"]), "cars": len(plan["offerings"])})
    form.fill(dict(zip(HANDOVER, plan["quota_handover"], strict=False)))
    if plan["quota_handover_at"]:
        handed = tehran_time(datetime.fromisoformat(plan["quota_handover_at"]))
        form.fill({"quota_handover_on": jalali_typed(handed), "quota_handover_time": f"{handed:%H:%M}"})
    _fill_terms(form, plan["terms"])
    for name in CHECKED:
        form.lists.setdefault(name, plan[name])
    form.fill({"rule_set_id": plan["rule_set_id"]})
    for index, car in enumerate(plan["offerings"]):
        at = f"offerings.{index}"
        form.fill({f"{at}.{name}": car[name] for name in (*CAR_TEXTS, *CAR_NUMBERS)})
        form.fill({f"{at}.{name}": _typed_day(car.get(name)) for name in CAR_DAYS})
        colours, classes = quotas_of(car, "colour"), quotas_of(car, "class")
        seats = [f"{name}: {colours[name]}" if name in colours else name for name in car["colours"]]
        form.fill({f"{at}.colours": "، ".join(seats)})
        form.fill({f"{at}.class_quotas.{name}": cars for name, cars in classes.items()})
        dealers.filled(form, index, quotas_of(car, "dealership"), known)
    return form


def quotas_of(car: Mapping[str, Any], level: str) -> dict[str, int | None]:
    return {row["key"]: row["capacity"] for row in car.get("quotas", ()) if row["level"] == level}


def _fill_terms(form: Form, terms: Mapping[str, Any]) -> None:
    form.fill({name: terms["rates"][name] / BASIS_POINTS for name in PERCENTS})
    form.fill({"penalty_kind": terms["rates"]["penalty_kind"]})
    form.fill({name: terms[name] for name in (*UNTIL, *TERM_CODES, *TERM_NUMBERS)})
    form.fill({name: terms["periods"][name] for name in PERIODS})
    form.fill({name: "yes" if terms[name] else "" for name in ALLOWED})
    instalments.filled(form, terms["instalments"])


def cars_of(form: Form) -> int:
    """How many cars the form has room for."""
    typed = to_ascii_digits(form["cars"])
    return min(max(int(typed), 1), 50) if typed.isdecimal() else FEW_CARS


def make_room(form: Form, what: str) -> None:
    """For instalments, for the dealerships of a car (``dealerships.0``), else for one more car."""
    kind, _, car = what.partition(".")
    if kind == instalments.COUNT:
        instalments.spread(form)
    elif kind == "dealerships" and car.isdecimal():
        dealers.rows_at(int(car)).add(form)
    else:
        form.typed["cars"] = str(cars_of(form) + 1)


def body_of(form: Form, plan: Mapping[str, Any] | None, known: Directory) -> dict[str, Any]:
    """What is wrong with days and numbers is said in the form, and the body is of no use then."""
    body: dict[str, Any] = {name: value for name, value in (plan or {}).items() if name not in UNSENT}
    body |= {name: form[name] for name in SAID}
    body |= {name: _number(form, name) for name in WHOLE_NUMBERS if form[name]}
    body |= {name: form.all_of(name) for name in CHECKED}
    body["rule_set_id"] = form["rule_set_id"] or None
    body |= window_of(form)
    body["quota_handover"] = [form[name] for name in HANDOVER if form[name]]
    is_timed = form["quota_handover_on"] or form["quota_handover_time"]
    body["quota_handover_at"] = _moment(form, "quota_handover") if is_timed else None
    hours = _number(form, "pay_hours") or 0
    if plan is None or hours != _hours(plan["pay_within"]):
        body["pay_within"] = f"PT{hours}H"
    body["terms"] = _terms(form, body.get("terms", {}))
    before = (plan or {}).get("offerings", [])
    cars = {row: before[row] if row < len(before) else {} for row in rows_of(form)}
    body["offerings"] = [_car(form, row, car, known) for row, car in cars.items()]
    return body


def rows_of(form: Form) -> list[int]:
    """Which of the form's cars are filled in."""
    return [index for index in range(cars_of(form)) if form[f"offerings.{index}.model"]]


def names_of(form: Form, known: Directory) -> dict[str, str]:
    """Where the form has what the API calls otherwise."""
    names = {f"{name}_at": f"{name}_on" for name in ("opens", "closes", "quota_handover")}
    names |= {"pay_within": "pay_hours", "quota_handover": HANDOVER[0]}
    names |= {f"terms.rates.{name}": name for name in (*PERCENTS, "penalty_kind")}
    names |= {f"terms.periods.{name}": name for name in PERIODS}
    names |= {f"terms.{name}": name for name in (*UNTIL, *TERM_CODES, *TERM_NUMBERS, *ALLOWED)}
    names |= instalments.names_of(form)
    for sent, row in enumerate(rows_of(form)):
        there, here = f"offerings.{sent}", f"offerings.{row}"
        names |= {f"{there}.{name}": f"{here}.{name}" for name in (*CAR_TEXTS, *CAR_NUMBERS, *CAR_DAYS)}
        names |= {there: f"{here}.model", f"{there}.class_quotas": f"{here}.class_quotas.ordinary"}
        names |= {f"{there}.{name}": f"{here}.colours" for name in ("colours", "colour_quotas")}
        names |= dealers.names_of(form, sent, row, known)
    return names


def window_of(form: Form) -> dict[str, str | None]:
    """From when to when a plan is open."""
    return {
        "opens_at": _moment(form, "opens"),
        "closes_at": _moment(form, "closes"),
    }


def _terms(form: Form, before: Mapping[str, Any]) -> dict[str, Any]:
    rates = dict(before.get("rates", {})) | {name: _percent(form, name) for name in PERCENTS}
    rates["penalty_kind"] = form["penalty_kind"] or None
    periods = {name: _number(form, name) for name in PERIODS if form[name]}
    terms = dict(before) | {"rates": rates, "periods": dict(before.get("periods", {})) | periods}
    terms |= {name: form[name] for name in TERM_CODES if form[name]}
    terms |= {name: _number(form, name) for name in TERM_NUMBERS if form[name]}
    terms |= {name: form[name] or None for name in UNTIL}
    terms |= {name: form[name] == "yes" for name in ALLOWED}
    terms["instalments"] = instalments.body_of(form, before.get("instalments", ()))
    return terms


def _car(form: Form, index: int, before: Mapping[str, Any], known: Directory) -> dict[str, Any]:
    at = f"offerings.{index}"
    car: dict[str, Any] = {name: form[f"{at}.{name}"] for name in CAR_TEXTS}
    car |= {name: _number(form, f"{at}.{name}") for name in CAR_NUMBERS if form[f"{at}.{name}"]}
    car |= {name: _iso_day(form, f"{at}.{name}") for name in CAR_DAYS if form[f"{at}.{name}"]}
    car["colours"], car["colour_quotas"] = _colours(form, f"{at}.colours")
    classes = form.all_of("applicant_classes")
    seats = {name: _number(form, f"{at}.class_quotas.{name}") for name in classes}
    car["class_quotas"] = {name: cars for name, cars in seats.items() if cars is not None}
    car["dealership_quotas"] = dealers.body_of(form, index, quotas_of(before, "dealership"), known)
    return car


def _colours(form: Form, name: str) -> tuple[list[str], dict[str, int]]:
    """The colours, and how many cars there are of those that a number follows: ``سفید: ۱۰، مشکی: ۵``."""
    said = [one.partition(":") for one in form[name].replace("،", ",").split(",") if one.strip()]
    seats = {colour.strip(): to_ascii_digits(cars.strip()) for colour, _, cars in said if cars.strip()}
    if not all(cars.isdecimal() for cars in seats.values()):
        form.errors[name] = gettext("پس از دونقطه شمار خودروهای آن رنگ می‌آید؛ مانند سفید: ۱۰.")
        return [], {}
    return [colour.strip() for colour, _, _ in said], {colour: int(cars) for colour, cars in seats.items()}


def _moment(form: Form, name: str) -> str | None:
    found = form.moment(name)
    return found.isoformat() if found else None


def _number(form: Form, name: str) -> int | None:
    return form.whole(name) if form[name] else None


def _iso_day(form: Form, name: str) -> str | None:
    day = form.day(name)
    return day.isoformat() if day else None


def _typed_day(day: str | None) -> str:
    return jalali_typed(date.fromisoformat(day)) if day else ""


def _percent(form: Form, name: str) -> int:
    """In basis points; none is 0."""
    return percent_of(form, name) or 0 if form[name] else 0


def _hours(duration: str) -> int:
    """Whole ones of an ISO 8601 duration."""
    return int(DURATION.validate_python(duration).total_seconds()) // HOUR
