"""Of what the seed of a draw will be made, as the fields of a form and as the API takes it.

Rows whose name is empty are left out; the API counts those that are left.
"""

from typing import Any

from iran import to_ascii_digits
from portal.forms import Form

FEW, MOST = 2, 10
"""Witnesses, and sources, that the form has room for."""
ALTERNATIVES = 3
"""Of one source."""
TIMES = ("witnesses_until", "abort_after")


def room_of(form: Form) -> int:
    typed = to_ascii_digits(form["room"])
    return min(max(int(typed), 1), MOST) if typed.isdecimal() else FEW


def body_of(form: Form) -> dict[str, Any]:
    """What is wrong with days is said in the form, and the body is of no use then."""
    body: dict[str, Any] = {name: _moment(form, name) for name in TIMES}
    body["witnesses"] = [
        {name: form[f"{at}.{name}"] for name in ("name", "commitment")} for at in _witnesses(form)
    ]
    body["sources"] = [
        {"name": form[f"{at}.name"], "alternatives": [_alternative(form, one) for one in _inner(form, at)]}
        for at in _sources(form)
    ]
    return body


def names_of(form: Form) -> dict[str, str]:
    """The form's fields by the API's: rows that were left out do not count there."""
    names = {name: f"{name}_on" for name in TIMES}
    for number, at in enumerate(_witnesses(form)):
        names |= {f"witnesses.{number}.{name}": f"{at}.{name}" for name in ("name", "commitment")}
    for number, at in enumerate(_sources(form)):
        names |= {f"sources.{number}.name": f"{at}.name"}
        names |= {f"sources.{number}.alternatives": f"{at}.alternatives.0.name"}
        for inner, row in enumerate(_inner(form, at)):
            path = f"sources.{number}.alternatives.{inner}"
            names |= {f"{path}.{name}": f"{row}.{name}" for name in ("name", "reading")}
            names[f"{path}.at"] = f"{row}.at_on"
    return names


def _witnesses(form: Form) -> list[str]:
    rows = (f"witnesses.{number}" for number in range(room_of(form)))
    return [row for row in rows if form[f"{row}.name"]]


def _sources(form: Form) -> list[str]:
    rows = (f"sources.{number}" for number in range(room_of(form)))
    return [row for row in rows if form[f"{row}.name"]]


def _inner(form: Form, source: str) -> list[str]:
    rows = (f"{source}.alternatives.{number}" for number in range(ALTERNATIVES))
    return [row for row in rows if form[f"{row}.name"]]


def _alternative(form: Form, at: str) -> dict[str, object]:
    told: dict[str, object] = {name: form[f"{at}.{name}"] for name in ("name", "reading")}
    return told | {"at": _moment(form, f"{at}.at")}


def _moment(form: Form, name: str) -> str | None:
    found = form.moment(name)
    return found.isoformat() if found else None
