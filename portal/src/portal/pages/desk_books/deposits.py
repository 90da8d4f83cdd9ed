"""Deposits at banks: the list and its file, and a bill for one that no bill knows, by two people."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import is_me, may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/deposits")

API = PLACE = "/staff/deposits"
ASSIGNMENTS = f"{API}/assignments"
DECISIONS = ("approval", "refusal")
CHOSEN = ("import_id", "outcome")


@router.get("")
async def index(visit: Staff) -> Response:
    chosen = Form(typed=dict(visit.request.query_params))
    query = _query(chosen)
    found = await visit.get(API, query | chosen.only("cursor"))
    return visit.page(
        "desk_books/deposits.html",
        chosen=chosen,
        deposits=found["items"],
        next_path=next_path(PLACE, chosen.typed, found["next_cursor"]),
        query={name: value for name, value in query.items() if value},
        outcomes=_outcomes(),
        may_assign=may(visit, "deposits.assign"),
    )


@router.get("/export")
async def export(visit: Staff) -> Response:
    chosen = Form(typed=dict(visit.request.query_params))
    return await visit.download(f"{API}/export", _query(chosen) | chosen.only("format"))


@router.get("/assignments")
async def assignments(visit: Staff, cursor: UUID | None = None) -> Response:
    return await _assignments_page(visit, cursor=cursor)


@router.post("/assignments")
async def decide(visit: Staff) -> Response:
    form = visit.form()
    if form["deed"] not in DECISIONS:
        return await _assignments_page(visit, 422)
    try:
        await visit.post(f"{ASSIGNMENTS}/{UUID(form['of'])}/{form['deed']}")
    except ValueError:
        return await _assignments_page(visit, 422)
    except Refused as refusal:
        form.refused(refusal)
        return await _assignments_page(visit, refusal.status)
    return visit.redirect(f"{PLACE}/assignments", gettext("انجام شد."))


@router.get("/{deposit_id}/assignment")
async def ask(deposit_id: UUID, visit: Staff) -> Response:
    return visit.page("desk_books/assignment.html")


@router.post("/{deposit_id}/assignment")
async def propose(deposit_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), ["bill_id", "note"])
    if form.is_wrong:
        return visit.page("desk_books/assignment.html", status=422)
    try:
        await visit.post(f"{API}/{deposit_id}/assignments", form.only("bill_id", "note"), key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return visit.page("desk_books/assignment.html", status=refusal.status)
    return visit.redirect(f"{PLACE}/assignments", gettext("پیشنهاد شد؛ همکار دیگری باید آن را تأیید کند."))


def _query(chosen: Form) -> dict[str, object]:
    return chosen.only(*CHOSEN) | ({"differ": "true"} if chosen["differ"] else {})


def _outcomes() -> list[tuple[str, str]]:
    return [
        ("counted", gettext("برای قبض به شمار آمد")),
        ("goes_back", gettext("برمی‌گردد")),
        ("unknown_bill", gettext("قبض ناشناخته")),
    ]


async def _assignments_page(visit: Visit, status: int = 200, cursor: UUID | None = None) -> Response:
    found = await visit.get(ASSIGNMENTS, {"cursor": cursor or ""})
    rows: list[Any] = [{**one, "is_mine": is_me(visit, one["proposed_by"])} for one in found["items"]]
    return visit.page(
        "desk_books/assignments.html",
        status=status,
        assignments=rows,
        next_path=next_path(f"{PLACE}/assignments", {}, found["next_cursor"]),
        may_assign=may(visit, "deposits.assign"),
    )
