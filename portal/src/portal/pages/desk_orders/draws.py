"""A draw on the desk: closing the list, entering what is revealed, starting it by two people, its result."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import is_me, may
from portal.pages.desk_orders import recipes
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/draws")

WORKING = ("freezing", "seeded")
"""States in which the page looks again by itself."""
MORE = "more"
"""The button that asks for room for another witness and source."""


@router.get("/{plan_id}")
async def watch(plan_id: UUID, visit: Staff) -> Response:
    return await _page(visit, plan_id)


@router.post("/{plan_id}")
async def act(plan_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``."""
    form = visit.form()
    deed = DEEDS.get(form["deed"])
    if deed is None:
        return await _page(visit, plan_id, 422)
    try:
        await deed(visit, f"/staff/draws/{plan_id}", form)
    except Refused as refusal:
        number = form["number"]
        names = {name: f"{name}.{number}" for name in ("value", "evidence")}
        form.refused(refusal, **names)
        return await _page(visit, plan_id, refusal.status)
    return visit.redirect(f"/staff/draws/{plan_id}", gettext("انجام شد."))


@router.get("/{plan_id}/freeze")
async def ask_for_recipe(plan_id: UUID, visit: Staff) -> Response:
    return await _recipe_page(visit, plan_id)


@router.post("/{plan_id}/freeze")
async def freeze(plan_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    if MORE in form.typed:
        form.fill({"room": recipes.FEW})
        form.typed["room"] = str(recipes.room_of(form) + 1)
        return await _recipe_page(visit, plan_id)
    body = recipes.body_of(form)
    if form.is_wrong:
        return await _recipe_page(visit, plan_id, 422)
    try:
        await visit.post(f"/staff/draws/{plan_id}/freeze", body)
    except Refused as refusal:
        form.refused(refusal, **recipes.names_of(form))
        return await _recipe_page(visit, plan_id, refusal.status)
    return visit.redirect(f"/staff/draws/{plan_id}", gettext("فهرست در حال بسته شدن است."))


async def _reveal(visit: Visit, path: str, form: Form) -> None:
    number = _number(form)
    await visit.ask("PUT", f"{path}/witnesses/{number}", {"value": form[f"value.{number}"].lower()})


async def _read(visit: Visit, path: str, form: Form) -> None:
    """``number`` is that of the source and of its alternative, with a dot between them."""
    number = form["number"]
    source, _, alternative = number.partition(".")
    if not (source.isdecimal() and alternative.isdecimal()):
        raise _not_of_this_page()
    could_be_had = form[f"failed.{number}"] != "yes"
    value = form[f"value.{number}"] if could_be_had else None
    body = {"value": value, "evidence": form[f"evidence.{number}"]}
    await visit.ask("PUT", f"{path}/sources/{source}/alternatives/{alternative}", body)


async def _propose(visit: Visit, path: str, _: Form) -> None:
    await visit.post(f"{path}/proposal")


async def _start(visit: Visit, path: str, _: Form) -> None:
    await visit.post(f"{path}/start")


async def _abort(visit: Visit, path: str, form: Form) -> None:
    await visit.post(f"{path}/abort", {"reason": form["reason"]})


DEEDS: Mapping[str, Callable[[Visit, str, Form], Awaitable[None]]] = {
    "reveal": _reveal,
    "value": _read,
    "proposal": _propose,
    "start": _start,
    "abort": _abort,
}


def _number(form: Form) -> str:
    if not form["number"].isdecimal():
        raise _not_of_this_page()
    return form["number"]


def _not_of_this_page() -> Refused:
    return Refused(422, "unknown_number", gettext("این فرم از این صفحه نیست."))


async def _page(visit: Visit, plan_id: UUID, status: int = 200) -> Response:
    draw = await visit.get(f"/staff/draws/{plan_id}")
    is_working = draw["state"] in WORKING and not draw["problem"]
    return visit.page(
        "desk_orders/draw.html",
        status=status,
        draw=draw,
        parts=_parts(draw),
        may_write=may(visit, "draws.write"),
        is_mine=is_me(visit, draw["proposed_by"]),
        is_working=is_working,
        refresh_after=5 if is_working else 0,
    )


def _parts(draw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Witnesses and the alternatives of sources, each with what was entered; ``is_next`` may be entered."""
    recipe = draw["recipe"] or {"witnesses": [], "sources": []}
    said = {(one["kind"], one["name"], one["alternative"]): one for one in draw["values"]}
    rows = []
    for number, witness in enumerate(recipe["witnesses"], 1):
        entered = said.get(("witness", witness["name"], 0))
        rows.append({"deed": "reveal", "number": str(number), "said": entered, "name": witness["name"]})
        rows[-1] |= {"at": recipe["witnesses_until"], "reading": "", "is_next": entered is None}
    for number, source in enumerate(recipe["sources"], 1):
        is_next = True
        for alternative, one in enumerate(source["alternatives"], 1):
            entered = said.get(("source", source["name"], alternative))
            rows.append({"deed": "value", "number": f"{number}.{alternative}", "said": entered})
            rows[-1] |= {"name": f"{source['name']} · {one['name']}", "at": one["at"]}
            rows[-1] |= {"reading": one["reading"], "is_next": is_next and entered is None}
            is_next = is_next and entered is not None and entered["value"] is None
    return rows


async def _recipe_page(visit: Visit, plan_id: UUID, status: int = 200) -> Response:
    draw = await visit.get(f"/staff/draws/{plan_id}")
    form = visit.form().fill({"room": recipes.FEW})
    room = recipes.room_of(form)
    return visit.page(
        "desk_orders/freeze.html",
        status=status,
        draw=draw,
        form=form,
        room=room,
        alternatives=recipes.ALTERNATIVES,
    )
