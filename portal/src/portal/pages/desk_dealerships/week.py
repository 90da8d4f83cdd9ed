"""Hours of a week as people type them, a field for each day: ``8-12، 14:30-18``."""

from collections.abc import Mapping, Sequence
from typing import Any

from iran import to_ascii_digits
from portal.forms import Form
from portal.language import gettext
from portal.words import DAYS

MINUTES = "08:00"


def field_of(day: str) -> str:
    return f"weekly_hours.{day}"


def week_of(form: Form) -> dict[str, list[dict[str, str]]]:
    """As the API takes them; what is none is said in the form. A day without hours is free."""
    week = {}
    for day in DAYS:
        if form[field_of(day)]:
            week[day] = _spans(form, field_of(day))
    return week


def fill(form: Form, week: Mapping[str, Sequence[Mapping[str, Any]]]) -> Form:
    return form.fill(
        {field_of(day): "، ".join(_typed(span) for span in spans) for day, spans in week.items()}
    )


def names_of(week: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """The form's fields by the API's, which names the span that is wrong."""
    names = {}
    for day, spans in week.items():
        names[f"weekly_hours.{day}"] = field_of(day)
        for number in range(len(spans)):
            names |= {
                f"weekly_hours.{day}.{number}{part}": field_of(day) for part in ("", ".opens", ".closes")
            }
    return names


def _spans(form: Form, name: str) -> list[dict[str, str]]:
    spans = []
    for text in to_ascii_digits(form[name]).replace("،", ",").split(","):
        opens, apart, closes = text.replace("–", "-").partition("-")
        if not (apart and _clock(opens) and _clock(closes)):
            form.errors[name] = gettext("ساعت‌ها را مانند ۸-۱۲، ۱۴:۳۰-۱۸ بنویسید.")
            return []
        spans.append({"opens": _clock(opens), "closes": _clock(closes)})
    return spans


def _clock(text: str) -> str:
    """``08:00`` of ``8``; empty when it is no time of a day."""
    hours, _, minutes = text.strip().partition(":")
    minutes = minutes or "00"
    is_time = hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60  # noqa: PLR2004 of a day, of an hour
    return f"{int(hours):02}:{int(minutes):02}" if is_time else ""


def _typed(span: Mapping[str, Any]) -> str:
    return f"{span['opens'][: len(MINUTES)]}-{span['closes'][: len(MINUTES)]}"
