"""The instalments of a plan in its form: a number of monthly equal ones, or each one in a row of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.formats import BASIS_POINTS, jalali_typed
from portal.forms import Form
from portal.language import gettext
from portal.pages.desk.fields import percent_of
from portal.pages.desk.rows import Rows

COUNT = "instalments"
"""The field for the number of monthly equal ones."""
ROWS = Rows(COUNT, ("after_days", "due_date", "share", "amount"), spare=3, most=60)
DAYS_OF_MONTH = 30


def filled(form: Form, planned: Sequence[Mapping[str, Any]]) -> None:
    """With what the plan says, where nothing has been typed."""
    if _plain(planned) == _monthly(len(planned)):
        form.fill({COUNT: len(planned)})
        return
    for row, one in enumerate(planned):
        ROWS.fill(form, row, _typed(one))


def spread(form: Form) -> None:
    """Room for more rows; a number of monthly ones becomes a row for each."""
    count = _count(form)
    if count and not ROWS.filled(form):
        for row, one in enumerate(_monthly(count)):
            form.typed[ROWS.name(row, "after_days")] = str(one["after_days"])
        form.typed[COUNT] = ""
    else:
        ROWS.add(form)


def body_of(form: Form, before: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What is wrong is said beside it, and the body is of no use then."""
    rows, count = ROWS.filled(form), _count(form)
    if rows and count:
        form.errors[COUNT] = gettext("یا شمار قسط‌های ماهانه را بنویسید، یا خود قسط‌ها را.")
    if rows:
        return [_instalment(form, row) for row in rows]
    monthly = _monthly(count)
    return list(before) if _plain(before) == monthly else monthly


def names_of(form: Form) -> dict[str, str]:
    """Where the form has what the API calls otherwise."""
    names = {f"terms.{COUNT}": COUNT}
    for sent, row in enumerate(ROWS.filled(form)):
        there = f"terms.{COUNT}.{sent}"
        names |= {f"{there}.{field}": ROWS.name(row, field) for field in ROWS.fields}
        names[there] = ROWS.name(row, ROWS.fields[0])
    return names


def _instalment(form: Form, row: int) -> dict[str, Any]:
    typed = ROWS.typed(form, row)
    if ("after_days" in typed) == ("due_date" in typed):
        form.errors[ROWS.name(row, "after_days")] = gettext(
            "یا روزهای پس از قرارداد را بنویسید، یا تاریخ را."
        )
    if "share" in typed and "amount" in typed:
        form.errors[ROWS.name(row, "share")] = gettext("یا سهم از بها را بنویسید، یا مبلغ را.")
    return {field: _read(form, field, ROWS.name(row, field)) for field in typed}


def _read(form: Form, field: str, name: str) -> Any:
    if field == "due_date":
        day = form.day(name)
        return day.isoformat() if day else None
    return percent_of(form, name) if field == "share" else form.whole(name)


def _typed(one: Mapping[str, Any]) -> dict[str, object]:
    typed: dict[str, object] = dict(one)
    if one.get("due_date"):
        typed["due_date"] = jalali_typed(one["due_date"])
    if one.get("share"):
        typed["share"] = f"{one['share'] / BASIS_POINTS:g}"
    return typed


def _count(form: Form) -> int:
    return (form.whole(COUNT) or 0) if form[COUNT] else 0


def _monthly(count: int) -> list[dict[str, Any]]:
    return [{"after_days": DAYS_OF_MONTH * month} for month in range(1, min(count, ROWS.most + 1) + 1)]


def _plain(planned: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without what is not said of them."""
    return [{name: value for name, value in one.items() if value is not None} for one in planned]
