"""Checking people's data again with those who know: begun for everybody or some, listed, watched."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.pages.desk_people import words
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/inquiries")

API, PLACE = "/staff/inquiries/runs", "/staff/inquiries"
DEEDS: Mapping[str, frozenset[str]] = {
    "pause": frozenset({"running"}),
    "resume": frozenset({"paused"}),
    "cancellation": frozenset({"running", "paused"}),
}
"""What may be done with a run, and in which states."""
SECONDS = 10
"""After which the page of a run that goes on looks again."""


@router.get("")
async def ask(visit: Staff, cursor: str = "") -> Response:
    return await _page(visit, visit.form(), cursor=cursor)


@router.post("")
async def start(visit: Staff) -> Response:
    form = visit.form()
    people = form["customer_ids"].replace("،", " ").replace(",", " ").split()
    if bool(people) is (form["everybody"] == "yes"):
        form.errors["customer_ids"] = gettext("شناسه‌ها را بنویسید، یا همه را برگزینید.")
        return await _page(visit, form, 422)
    body = {"kinds": form.all_of("kinds"), "customer_ids": people or None}
    try:
        started = await visit.post(API, body, key=form.key)
    except Refused as refusal:
        names = {f"customer_ids.{number}": "customer_ids" for number in range(len(people))}
        return await _page(visit, form.refused(refusal, **names), refusal.status)
    return visit.redirect(
        f"{PLACE}/{started['run_id']}", gettext("استعلام‌ها آغاز شد؛ نشانی این صفحه را نگه دارید.")
    )


@router.get("/{run_id}")
async def watch(run_id: UUID, visit: Staff) -> Response:
    return await _run_page(visit, run_id)


@router.post("/{run_id}")
async def act(run_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    if form["deed"] not in DEEDS:
        return await _run_page(visit, run_id, 422)
    try:
        await visit.post(f"{API}/{run_id}/{form['deed']}")
    except Refused as refusal:
        form.refused(refusal)
        return await _run_page(visit, run_id, refusal.status)
    return visit.redirect(f"{PLACE}/{run_id}", gettext("انجام شد."))


async def _page(visit: Visit, form: Form, status: int = 200, cursor: str = "") -> Response:
    """``inquiries.read`` comes with ``inquiries.write``."""
    kinds = words.inquiries()
    form.lists.setdefault("kinds", list(kinds))
    runs = await visit.get(API, {"cursor": cursor})
    return visit.page(
        "desk_customers/inquiries.html",
        status=status,
        form=form,
        kinds=kinds,
        runs=runs["items"],
        next_cursor=runs["next_cursor"],
        states=words.run_states(),
    )


async def _run_page(visit: Visit, run_id: UUID, status: int = 200) -> Response:
    run = await visit.get(f"{API}/{run_id}")
    deeds = {name for name, states in DEEDS.items() if run["state"] in states}
    return visit.page(
        "desk_customers/inquiry_run.html",
        status=status,
        run=run,
        kinds=words.inquiries(),
        state=words.run_states().get(run["state"], (run["state"], "quiet")),
        deeds=deeds if may(visit, "inquiries.write") else set(),
        refresh_after=SECONDS if run["state"] == "running" else 0,
    )
