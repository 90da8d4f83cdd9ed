"""Fields that a table describes: how each is typed, as what the API takes it, and how it is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from iran import to_ascii_digits
from portal.formats import BASIS_POINTS, day, digits, jalali_typed, moment, number, percent, rial
from portal.forms import Form
from portal.language import gettext

Kind = Literal[
    "text",
    "number",
    "rial",
    "percent",
    "day",
    "moment",
    "time",
    "flag",
    "choice",
    "several",
    "words",
    "numbers",
]
"""``percent`` is of basis points; ``several`` are choices; ``words`` and ``numbers`` have commas between, and
words that are choices stand there by their names."""
NOTHING = "—"


@dataclass(frozen=True)
class Field:
    """What is optional and left empty goes out as null; ``choices`` are texts by their codes."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    optional: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(code, gettext(text)) for code, text in self.choices.items()]


def body_of(form: Form, fields: Iterable[Field]) -> dict[str, Any]:
    """What was typed as the API takes it; what is wrong is said in the form, and the body is of no use."""
    return {one.name: _read(form, one) for one in fields}


def filled(form: Form, fields: Iterable[Field], values: Mapping[str, Any]) -> Form:
    """With ``values``, as the API says them, where nothing has been typed."""
    known = [one for one in fields if values.get(one.name) is not None]
    for one in known:
        if one.kind == "several":
            form.lists.setdefault(one.name, list(values[one.name]))
    return form.fill({one.name: _typed(one, values[one.name]) for one in known})


def shown(one: Field, value: Any) -> str:
    if value is None:
        return NOTHING
    if one.kind == "choice":
        return gettext(one.choices.get(value, str(value)))
    if one.choices and one.kind in ("several", "words"):
        return _listed([gettext(one.choices.get(each, str(each))) for each in value])
    return SHOWN[one.kind](value)


def _read(form: Form, one: Field) -> Any:
    if one.kind == "flag":
        return form[one.name] == "yes"
    if one.kind == "several":
        return form.all_of(one.name)
    if not form[one.name]:
        if not one.optional:
            form.require(gettext("این خانه را پر کنید."), [one.name])
        return None
    if one.kind == "words":
        codes = {text: code for code, text in one.options}
        return [codes.get(word, word) for word in _words(form, one.name)]
    return READ[one.kind](form, one.name)


def percent_of(form: Form, name: str) -> int | None:
    """Basis points of what was typed; when it is none, that is said."""
    text = to_ascii_digits(form[name]).replace("٫", ".")
    try:
        return round(float(text) * BASIS_POINTS)
    except ValueError:
        form.errors[name] = gettext("درصد را مانند ۱۸ یا ۱۸٫۵ بنویسید.")
        return None


def _words(form: Form, name: str) -> list[str]:
    return [word.strip() for word in form[name].replace("،", ",").split(",") if word.strip()]


def _numbers(form: Form, name: str) -> list[int]:
    typed = [to_ascii_digits(word) for word in _words(form, name)]
    if not all(word.isdecimal() for word in typed):
        form.errors[name] = gettext("عددها را با ویرگول از هم جدا کنید.")
        return []
    return [int(word) for word in typed]


def _day(form: Form, name: str) -> str | None:
    found = form.day(name)
    return found.isoformat() if found else None


READ: Mapping[Kind, Callable[[Form, str], Any]] = {
    "text": lambda form, name: form[name],
    "choice": lambda form, name: form[name],
    "number": Form.whole,
    "rial": Form.whole,
    "percent": percent_of,
    "day": _day,
    "time": lambda form, name: to_ascii_digits(form[name]),
    "numbers": _numbers,
}


def _percent_typed(value: int) -> str:
    return f"{value / BASIS_POINTS:g}"


def _listed(values: Sequence[object]) -> str:
    return digits(gettext("، ").join(str(value) for value in values)) or NOTHING


SHOWN: Mapping[Kind, Callable[[Any], str]] = {
    "text": digits,
    "number": number,
    "rial": rial,
    "percent": percent,
    "day": day,
    "moment": moment,
    "time": lambda value: digits(value[: len("08:00")]),
    "flag": lambda value: gettext("آری") if value else gettext("نه"),
    "words": _listed,
    "numbers": _listed,
}


def _typed(one: Field, value: Any) -> str:
    if one.kind == "flag":
        return "yes" if value else ""
    if one.kind == "words":
        names = dict(one.options)
        return gettext("، ").join(names.get(word, word) for word in value)
    return TYPED.get(one.kind, str)(value)


TYPED: Mapping[Kind, Callable[[Any], str]] = {
    "day": jalali_typed,
    "percent": _percent_typed,
    "time": lambda value: value[: len("08:00")],
    "numbers": lambda values: gettext("، ").join(str(value) for value in values),
}
