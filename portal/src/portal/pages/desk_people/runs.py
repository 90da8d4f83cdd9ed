"""Runs that tell many people something: the list, one of them as it goes, and a new one from a file."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext, language
from portal.pages.desk import uploads
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import is_me, may
from portal.pages.desk_people import words
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/runs")

DEEDS: Mapping[str, frozenset[str]] = {
    "start": frozenset({"ready"}),
    "pause": frozenset({"running"}),
    "resume": frozenset({"paused"}),
    "cancellation": frozenset({"reading", "ready", "running", "paused"}),
}
"""What may be done with a run, and in which states."""
MOVING = frozenset({"reading", "running"})
"""States in which a run changes by itself."""
NOT_SENT = frozenset({"waiting", "under_way"})
TEMPLATE = "notice"
"""What the text of a run is a version of."""
BODY_LIMITS = {"/staff/runs/new": uploads.MOST_BYTES}
CONFLICT = 409


@router.get("")
async def runs(visit: Staff, cursor: UUID | None = None) -> Response:
    found = await visit.get("/staff/message-runs", {"cursor": cursor or ""})
    return visit.page(
        "desk_people/runs.html",
        runs=[{**run, "told": _told(run)} for run in found["items"]],
        next_path=next_path("/staff/runs", {}, found["next_cursor"]),
        states=words.run_states(),
        kinds=words.run_kinds(),
        may_begin=may(visit, "message_runs.write"),
    )


@router.get("/new")
async def ask(visit: Staff) -> Response:
    return await _new_page(visit, visit.form())


@router.post("/new")
async def begin(visit: Staff) -> Response:
    """The run, then its file in parts, then the word that it is whole; who sends the form again, goes on."""
    form = visit.form()
    upload = uploads.file_of(form.require(gettext("این خانه را پر کنید."), ["title"]))
    if upload is None or form.is_wrong:
        return await _new_page(visit, form, 422)
    body = form.only("title", "template_version") | uploads.said_of(upload)
    try:
        run = await visit.post("/staff/message-runs", body, key=form.key)
        await uploads.send(visit, f"/staff/message-runs/{run['run_id']}/file", upload)
    except Refused as refusal:
        form.refused(refusal, file_name="file", format="file")
        return await _new_page(visit, form, refusal.status)
    sentence = gettext("پرونده خوانده می‌شود؛ سپس می‌توان ارسال را آغاز کرد.")
    return visit.redirect(f"/staff/runs/{run['run_id']}", sentence)


@router.get("/{run_id}")
async def watch(run_id: UUID, visit: Staff) -> Response:
    return await _page(visit, run_id)


@router.post("/{run_id}")
async def act(run_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``."""
    form = visit.form()
    if form["deed"] not in DEEDS:
        return await _page(visit, run_id, 422)
    try:
        await visit.post(f"/staff/message-runs/{run_id}/{form['deed']}")
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, run_id, refusal.status)
    return visit.redirect(f"/staff/runs/{run_id}", gettext("انجام شد."))


@router.get("/{run_id}/errors.csv")
async def errors(run_id: UUID, visit: Staff) -> Response:
    """The rows that were left out, and why."""
    return await visit.download(f"/staff/message-runs/{run_id}/file/errors.csv")


async def _new_page(visit: Visit, form: Form, status: int = 200) -> Response:
    versions = (await visit.get(f"/staff/message-templates/{TEMPLATE}"))["items"]
    form.fill({"template_version": next((one["version"] for one in versions if one["active"]), "")})
    return visit.page("desk_people/new_run.html", status=status, form=form, versions=versions)


async def _page(visit: Visit, run_id: UUID, status: int = 200) -> Response:
    run = await visit.get(f"/staff/message-runs/{run_id}")
    rules = await visit.get("/staff/message-run-rules")
    is_large = run["figures"]["recipients"] > rules["four_eyes_above"]
    deeds = {name for name, states in DEEDS.items() if run["state"] in states}
    return visit.page(
        "desk_people/run.html",
        status=status,
        run=run,
        rules=rules,
        told=_told(run),
        state=words.run_states().get(run["state"], (run["state"], "quiet")),
        kind=words.run_kinds().get(run["kind"], run["kind"]),
        figures=[(label, run["figures"][name]) for name, label in words.run_figures().items()],
        obstacle=words.obstacles().get(run["waits_for"]),
        failure=_failure(run),
        refresh_after=10 if run["state"] in MOVING and status != CONFLICT else 0,
        deeds=deeds if may(visit, "message_runs.write") else set(),
        by_another=is_large and is_me(visit, run["created_by"]),
    )


def _told(run: Mapping[str, Any]) -> int:
    """How many have an end or are on their way, whatever became of it."""
    left: int = sum(run["figures"][name] for name in NOT_SENT)
    recipients: int = run["figures"]["recipients"]
    return max(recipients - left, 0)


def _failure(run: Mapping[str, Any]) -> str:
    """Why the rest of the file was not read, if it was not."""
    file = run["file"]
    return str(file["failure"][language.get()]) if file and file["failure"] else ""
