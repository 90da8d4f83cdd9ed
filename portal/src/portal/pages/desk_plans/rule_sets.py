"""Lists of rules that plans ask of their buyers: their versions, and writing the next one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.fields import Field, body_of, shown
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.pages.desk_plans.rules import RULES, asked
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/rule-sets")

API = PLACE = "/staff/rule-sets"
CHOSEN = "rules"
"""The field with the names of the rules that the list has."""


@router.get("")
async def index(visit: Staff, cursor: UUID | None = None) -> Response:
    found = await visit.get(API, {"cursor": cursor or ""})
    return visit.page(
        "desk_plans/rule_sets.html",
        sets=[{**one, "said": [_said(rule) for rule in one["rules"]]} for one in found["items"]],
        next_path=next_path(PLACE, {}, found["next_cursor"]),
        may_write=may(visit, "rules.write"),
    )


@router.get("/new")
async def ask(visit: Staff) -> Response:
    return _page(visit, visit.form())


@router.post("/new")
async def write(visit: Staff) -> Response:
    form = visit.form()
    chosen = [name for name in RULES if name in form.all_of(CHOSEN)]
    body = body_of(form, _head()) | {"rules": [_rule(form, name) for name in chosen]}
    if form.is_wrong:
        return _page(visit, form, 422)
    try:
        await visit.post(API, body, key=form.key)
    except Refused as refusal:
        return _page(visit, form.refused(refusal, **_names(chosen)), refusal.status)
    return visit.redirect(PLACE, gettext("نسخه‌ی تازه نوشته شد؛ طرح‌ها با ویرایش به آن می‌رسند."))


def _head() -> tuple[Field, ...]:
    return (
        Field("name", gettext("نام فهرست"), hint=gettext("با نام یک فهرست نسخه‌ی بعدی آن نوشته می‌شود.")),
        Field("valid_from", gettext("از روز"), "day", gettext("مانند ۱۴۰۶/۰۱/۱۵")),
        Field("valid_until", gettext("تا روز"), "day", optional=True),
    )


def _rule(form: Form, name: str) -> dict[str, Any]:
    """What was left empty is what the API takes for granted."""
    said = body_of(form, asked(name))
    return {"name": name} | {
        field.partition(".")[2]: value for field, value in said.items() if value not in (None, [])
    }


def _names(chosen: list[str]) -> dict[str, str]:
    """The form's fields by the API's, which counts the rules and may name the kind of one."""
    names = {}
    for number, rule in enumerate(chosen):
        names[f"rules.{number}"] = CHOSEN
        for field in asked(rule):
            inner = field.name.partition(".")[2]
            names |= {f"rules.{number}.{inner}": field.name, f"rules.{number}.{rule}.{inner}": field.name}
    return names


def _said(rule: Mapping[str, Any]) -> str:
    """A rule as people read it."""
    known = RULES.get(rule["name"])
    if known is None:
        return str(rule["name"])
    values = [(one, rule.get(one.name)) for one in known.fields]
    told = [f"{gettext(one.label)} {shown(one, value)}" for one, value in values if value not in (None, [])]
    return gettext(known.title) + (f": {'، '.join(told)}" if told else "")


def _page(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.page(
        "desk_plans/rule_set.html",
        status=status,
        form=form,
        head=_head(),
        rules=[(name, rule.title, asked(name)) for name, rule in RULES.items()],
    )
