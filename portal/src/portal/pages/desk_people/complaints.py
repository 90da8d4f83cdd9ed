"""The desk of the care agents: the queue with its clocks, and what is done with one complaint."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import is_me, may
from portal.pages.desk_people import words
from portal.pages.voice.pictures import MOST_BYTES, pictures_of, send
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/complaints")
BODY_LIMITS = {"/staff/complaints/*": MOST_BYTES}

CHOSEN = ("number", "state", "section", "topic")
SWITCHES = ("mine", "unassigned", "overdue", "warned")
ON_THE_CLOCK = frozenset({"open", "answered", "awaiting_customer", "at_province"})
"""States in which the days until ``due_at`` are counted; the board has days of its own."""
LETTERS: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"open", "answered", "awaiting_customer", "at_province", "at_board", "decided"}),
    "ask": frozenset({"open", "answered", "awaiting_customer"}),
    "resolution": frozenset({"open", "answered", "awaiting_customer", "at_province", "at_board", "decided"}),
}
"""What may be written, and in which states."""
TO_OFFICE: Mapping[str, str] = {
    "open": "province",
    "answered": "province",
    "awaiting_customer": "province",
    "resolved": "province",
    "at_province": "board",
}
"""The office that is next, by the state."""


@router.get("")
async def queue(visit: Staff, cursor: UUID | None = None) -> Response:
    """What is due first comes first."""
    given = visit.request.query_params
    chosen = {name: given[name] for name in (*CHOSEN, *SWITCHES) if given.get(name)}
    asked = {name: "true" if name in SWITCHES else value for name, value in chosen.items()}
    found = await visit.get("/staff/complaints", {**asked, "cursor": cursor or ""})
    return visit.page(
        "desk_people/complaints.html",
        form=Form().fill(chosen),
        filtered=bool(chosen),
        complaints=[_queued(visit, one) for one in found["items"]],
        next_path=next_path("/staff/complaints", chosen, found["next_cursor"]),
        states=words.complaint_states(),
        topics=await _topics(visit),
    )


@router.get("/{complaint_id}")
async def read(complaint_id: UUID, visit: Staff) -> Response:
    return await _page(visit, complaint_id, visit.form())


@router.post("/{complaint_id}")
async def act(complaint_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``, as the form says."""
    form = visit.form()
    deed = DEEDS.get(form["deed"])
    if deed is None:
        form.errors["deed"] = gettext("انتخاب کنید.")
        return await _page(visit, complaint_id, form, 422)
    try:
        await deed(visit, f"/staff/complaints/{complaint_id}", form)
    except Refused as refusal:
        named = form.refused(refusal, text=_text_of(form))
        return await _page(visit, complaint_id, named, refusal.status)
    if form.is_wrong:
        return await _page(visit, complaint_id, form, 422)
    return visit.redirect(f"/staff/complaints/{complaint_id}", gettext("ثبت شد."))


@router.get("/{complaint_id}/attachments/{attachment_id}")
async def picture(complaint_id: UUID, attachment_id: UUID, visit: Staff) -> Response:
    return await visit.download(f"/staff/complaints/{complaint_id}/attachments/{attachment_id}")


async def _take(visit: Visit, path: str, _: Form) -> None:
    await visit.ask("PUT", f"{path}/assignment")


async def _give_back(visit: Visit, path: str, _: Form) -> None:
    await visit.delete(f"{path}/assignment")


async def _write(visit: Visit, path: str, form: Form) -> None:
    if _has_text(form):
        body = form.only("text") | {"asks": form["deed"] == "ask"}
        await visit.post(f"{path}/messages", body, key=form.key)


async def _resolve(visit: Visit, path: str, form: Form) -> None:
    if _has_text(form):
        await visit.post(f"{path}/resolution", form.only("text"))


async def _escalate(visit: Visit, path: str, form: Form) -> None:
    if registered_on := form.day("registered_on"):
        body = form.only("office") | {"registered_on": registered_on.isoformat()}
        await visit.post(f"{path}/escalations", body)


async def _decide(visit: Visit, path: str, form: Form) -> None:
    decided_on = form.day("decided_on")
    if _has_text(form) and decided_on:
        body = {"decided_on": decided_on.isoformat(), "text": form["decision_text"]}
        await visit.post(f"{path}/decision", body)


async def _show(visit: Visit, path: str, form: Form) -> None:
    chosen = pictures_of(form)
    if not chosen:
        form.errors["file"] = gettext("عکسی برگزینید.")
    for upload in chosen:
        await send(visit, path, upload)


DEEDS: Mapping[str, Callable[[Visit, str, Form], Awaitable[None]]] = {
    "take": _take,
    "give_back": _give_back,
    "answer": _write,
    "ask": _write,
    "resolution": _resolve,
    "picture": _show,
    "escalation": _escalate,
    "decision": _decide,
}


def _text_of(form: Form) -> str:
    """The name of the field in which the API's ``text`` was written."""
    return "decision_text" if form["deed"] == "decision" else "text"


def _has_text(form: Form) -> bool:
    return not form.require(gettext("متن را بنویسید."), [_text_of(form)]).is_wrong


async def _topics(visit: Visit) -> dict[str, str]:
    """The title of every topic by its code."""
    return {one["code"]: one["title"] for one in (await visit.get("/staff/complaint-topics"))["items"]}


def _queued(visit: Visit, complaint: Mapping[str, Any]) -> dict[str, Any]:
    """With the days that are left, and whose it is."""
    return {
        **complaint,
        "days": _days_left(visit, complaint),
        "is_mine": is_me(visit, complaint["assigned_to"]),
    }


def _days_left(visit: Visit, complaint: Mapping[str, Any]) -> int | None:
    """Negative when the law's days are over, None while they are not counted."""
    if complaint["state"] not in ON_THE_CLOCK:
        return None
    return (datetime.fromisoformat(complaint["due_at"]) - visit.site.clock()).days


PARTS: Mapping[str, str] = {"escalation": "office", "decision": "office", "picture": "picture"}
"""Of which form of the page a deed is, where it is not a letter."""


async def _page(visit: Visit, complaint_id: UUID, form: Form, status: int = 200) -> Response:
    """What was typed goes back into the form that it came from."""
    complaint = await visit.get(f"/staff/complaints/{complaint_id}")
    topics = await _topics(visit)
    kinds = {"message": complaint["messages"], "picture": complaint["attachments"]}
    letters = [{"kind": kind, **one} for kind, rows in kinds.items() for one in rows]
    part = PARTS.get(form["deed"], "letter")
    return visit.page(
        "desk_people/complaint.html",
        status=status,
        complaint=_queued(visit, complaint),
        letters=sorted(letters, key=lambda one: one["at"]),
        topic=topics.get(complaint["topic"], complaint["topic"]),
        states=words.complaint_states(),
        may_answer=may(visit, "complaints.answer"),
        forms={name: form if name == part else Form() for name in ("letter", "office", "picture")},
        choices=_letters(complaint["state"]),
        office=TO_OFFICE.get(complaint["state"]),
    )


def _letters(state: str) -> list[tuple[str, str, str]]:
    rows = [
        ("answer", gettext("پاسخ"), gettext("به مشتری پیامک می‌شود که پاسخ دارد.")),
        ("ask", gettext("پرسش از مشتری"), gettext("تا پاسخ او می‌ماند.")),
        ("resolution", gettext("پایان رسیدگی"), gettext("این متن آخرین نوشته است.")),
    ]
    return [row for row in rows if state in LETTERS[row[0]]]
