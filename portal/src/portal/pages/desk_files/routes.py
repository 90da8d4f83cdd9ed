"""One page for every kind of file: the files so far, a new one, and how far one is."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from portal.formats import digits
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk import uploads
from portal.pages.desk.fields import Field, body_of
from portal.pages.desk.paging import next_path
from portal.pages.desk_files.kinds import KINDS, PLAN, Kind
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/files")

BODY_LIMITS = {"/staff/files/*": uploads.MOST_BYTES}
SECONDS = 3
"""After which the page of a file that is read looks again."""


@router.get("/{name}")
async def index(name: str, visit: Staff, cursor: UUID | None = None) -> Response:
    return await _page(visit, name, visit.form(), cursor=cursor)


@router.post("/{name}")
async def upload(name: str, visit: Staff) -> Response:
    form, kind = visit.form(), _kind(name)
    options = body_of(form, await _options(visit, kind))
    file = uploads.file_of(form)
    if file is None or form.is_wrong:
        return await _page(visit, name, form, 422)
    body = {**uploads.said_of(file), "options": options}
    try:
        begun = await visit.post(kind.api, body, key=form.key)
        await uploads.send(visit, f"{kind.api}/{begun['import_id']}", file)
    except Refused as refusal:
        form.refused(refusal, file_name=uploads.FIELD, format=uploads.FIELD)
        return await _page(visit, name, form, refusal.status)
    return visit.redirect(f"/staff/files/{name}/{begun['import_id']}", gettext("پرونده رسید و خوانده می‌شود."))


@router.get("/{name}/{import_id}")
async def watch(name: str, import_id: UUID, visit: Staff) -> Response:
    kind = _kind(name)
    file = await visit.get(f"{kind.api}/{import_id}")
    seconds = SECONDS if file["state"] == "running" else 0
    return visit.page("desk_files/file.html", name=name, kind=kind, file=file, refresh_after=seconds)


@router.get("/{name}/{import_id}/errors.csv")
async def bad_rows(name: str, import_id: UUID, visit: Staff) -> Response:
    return await visit.download(f"{_kind(name).api}/{import_id}/errors.csv")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Refused(404, "not_found", "")
    return KINDS[name]


async def _options(visit: Visit, kind: Kind) -> list[Field]:
    """What is asked of a file, plans by their names."""
    if PLAN not in {one.name for one in kind.options}:
        return list(kind.options)
    plans = (await visit.get("/plans"))["items"]
    named = {plan["plan_id"]: f"{plan['title']} ({digits(plan['circular'])})" for plan in plans}
    return [replace(one, choices=named) if one.name == PLAN else one for one in kind.options]


async def _page(
    visit: Visit, name: str, form: Form, status: int = 200, cursor: UUID | None = None
) -> Response:
    kind = _kind(name)
    found = await visit.get(kind.api, {"cursor": cursor or ""})
    return visit.page(
        "desk_files/index.html",
        status=status,
        form=form,
        name=name,
        kind=kind,
        options=await _options(visit, kind),
        files=found["items"],
        next_path=next_path(f"/staff/files/{name}", {}, found["next_cursor"]),
    )
