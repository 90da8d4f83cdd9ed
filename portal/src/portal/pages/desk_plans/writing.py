"""A plan as the fields of a form, and the fields as the plan that the API takes.

What the form does not ask for stays as it is in the plan that is rewritten.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from iran import tehran_time, to_ascii_digits
from portal.formats import BASIS_POINTS, jalali_typed
from portal.forms import Form
from portal.language import gettext

SAID = ("circular", "title", "kind", "method")
"""Fields that the plan and the form have alike."""
CHECKED = ("applicant_classes", "required_inquiries")
"""Fields of several choices."""
WHOLE_NUMBERS = ("minimum_age", "max_choices")
CAR_TEXTS = ("model", "trim")
CAR_NUMBERS = ("price", "prepayment", "capacity", "delivery_days")
PERCENTS = ("cancellation_profit", "cancellation_deduction", "late_fee", "participation_profit")
UNTIL = ("colour_until", "dealership_until")
ALLOWED = ("transfer_allowed", "cancellation_allowed", "reassignment_allowed")
FEW_CARS = 3
HOUR = 3600
DURATION = TypeAdapter(timedelta)
UNSENT = frozenset({"plan_id", "state", "paused", "handed_over_at", "copied_from", "version", "orders"})


def filled(form: Form, plan: Mapping[str, Any]) -> Form:
    """With what the plan says, where nothing has been typed."""
    opens, closes = (tehran_time(datetime.fromisoformat(plan[name])) for name in ("opens_at", "closes_at"))
    form.fill({name: plan[name] for name in (*SAID, *WHOLE_NUMBERS)})
    form.fill({"opens_on": jalali_typed(opens), "opens_time": f"{opens:%H:%M}"})
    form.fill({"closes_on": jalali_typed(closes), "closes_time": f"{closes:%H:%M}"})
    form.fill({"pay_hours": _hours(plan["pay_within"]), "cars": len(plan["offerings"])})
    terms = plan["terms"]
    form.fill({name: terms["rates"][name] / BASIS_POINTS for name in PERCENTS})
    form.fill({name: terms[name] or "" for name in UNTIL})
    form.fill({name: "yes" if terms[name] else "" for name in ALLOWED})
    form.fill({"instalments": len(terms["instalments"])})
    for name in CHECKED:
        form.lists.setdefault(name, plan[name])
    form.fill({"rule_set_id": plan["rule_set_id"]})
    for index, car in enumerate(plan["offerings"]):
        at = f"offerings.{index}"
        form.fill({f"{at}.{name}": car[name] for name in (*CAR_TEXTS, *CAR_NUMBERS)})
        form.fill({f"{at}.colours": "، ".join(car["colours"])})
        classes = {quota["key"]: quota["capacity"] for quota in car["quotas"] if quota["level"] == "class"}
        form.fill({f"{at}.class_quotas.{name}": cars for name, cars in classes.items()})
    return form


def cars_of(form: Form) -> int:
    """How many cars the form has room for."""
    typed = to_ascii_digits(form["cars"])
    return min(max(int(typed), 1), 50) if typed.isdecimal() else FEW_CARS


def body_of(form: Form, plan: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is wrong with days and numbers is said in the form, and the body is of no use then."""
    body: dict[str, Any] = {name: value for name, value in (plan or {}).items() if name not in UNSENT}
    body |= {name: form[name] for name in SAID}
    body |= {name: _number(form, name) for name in WHOLE_NUMBERS if form[name]}
    body |= {name: form.all_of(name) for name in CHECKED}
    body["rule_set_id"] = form["rule_set_id"] or None
    body |= window_of(form)
    hours = _number(form, "pay_hours") or 0
    if plan is None or hours != _hours(plan["pay_within"]):
        body["pay_within"] = f"PT{hours}H"
    body["terms"] = _terms(form, body.get("terms", {}))
    before = (plan or {}).get("offerings", [])
    rows = [index for index in range(cars_of(form)) if form[f"offerings.{index}.model"]]
    body["offerings"] = [_car(form, index, before[index] if index < len(before) else {}) for index in rows]
    return body


def window_of(form: Form) -> dict[str, str | None]:
    """From when to when a plan is open."""
    return {
        "opens_at": _moment(form, "opens"),
        "closes_at": _moment(form, "closes"),
    }


def _terms(form: Form, before: Mapping[str, Any]) -> dict[str, Any]:
    rates = dict(before.get("rates", {})) | {name: _percent(form, name) for name in PERCENTS if form[name]}
    terms = dict(before) | {"rates": rates}
    terms |= {name: form[name] or None for name in UNTIL}
    terms |= {name: form[name] == "yes" for name in ALLOWED}
    count = _number(form, "instalments") or 0
    if count != len(before.get("instalments", ())):
        terms["instalments"] = [{"after_days": 30 * month} for month in range(1, count + 1)]
    return terms


def _car(form: Form, index: int, before: Mapping[str, Any]) -> dict[str, Any]:
    at = f"offerings.{index}"
    quotas = before.get("quotas", ())
    car: dict[str, Any] = {name: form[f"{at}.{name}"] for name in CAR_TEXTS}
    car |= {name: _number(form, f"{at}.{name}") for name in CAR_NUMBERS if form[f"{at}.{name}"]}
    car |= {name: before[name] for name in ("delivery_from", "delivery_until") if before.get(name)}
    colours = form[f"{at}.colours"].replace("،", ",").split(",")
    car["colours"] = [colour.strip() for colour in colours if colour.strip()]
    classes = form.all_of("applicant_classes")
    seats = {name: _number(form, f"{at}.class_quotas.{name}") for name in classes}
    car["class_quotas"] = {name: cars for name, cars in seats.items() if cars is not None}
    for level in ("colour", "dealership"):
        car[f"{level}_quotas"] = {row["key"]: row["capacity"] for row in quotas if row["level"] == level}
    return car


def _moment(form: Form, name: str) -> str | None:
    found = form.moment(name)
    return found.isoformat() if found else None


def _number(form: Form, name: str) -> int | None:
    return form.whole(name) if form[name] else None


def _percent(form: Form, name: str) -> int:
    text = to_ascii_digits(form[name]).replace("٫", ".")
    try:
        return round(float(text) * BASIS_POINTS)
    except ValueError:
        form.errors[name] = gettext("درصد را مانند ۱۸ یا ۱۸٫۵ بنویسید.")
        return 0


def _hours(duration: str) -> int:
    """Whole ones of an ISO 8601 duration."""
    return int(DURATION.validate_python(duration).total_seconds()) // HOUR
