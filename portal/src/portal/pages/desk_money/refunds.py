"""Refunds that wait, and the batches in which finance pays them: one proposes, another decides."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import is_me, may
from portal.visit import Staff, Visit
from portal.words import REFUND_STATES, choices

router = APIRouter(prefix="/staff/refunds")

DECISIONS = ("approval", "refusal")
MOST_ANSWERS = 100
"""That one form writes down."""
BATCHES = "/staff/refund-batches"


@router.get("")
async def index(visit: Staff, state: str = "ready", cursor: UUID | None = None) -> Response:
    return await _page(visit, state=state, cursor=cursor)


@router.post("")
async def propose(visit: Staff) -> Response:
    form = visit.form()
    try:
        batch = await visit.post(BATCHES, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, refusal.status)
    return visit.redirect(_place(batch["id"]), gettext("دسته پیشنهاد شد؛ کس دیگری باید آن را تأیید کند."))


@router.get("/batches/{batch_id}")
async def open_batch(batch_id: UUID, visit: Staff) -> Response:
    return await _batch_page(visit, batch_id)


@router.post("/batches/{batch_id}")
async def decide(batch_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    if form["deed"] not in DECISIONS:
        return await _batch_page(visit, batch_id, 422)
    try:
        await visit.post(f"{BATCHES}/{batch_id}/{form['deed']}")
    except Refused as refusal:
        form.refused(refusal)
        return await _batch_page(visit, batch_id, refusal.status)
    return visit.redirect(_place(batch_id), gettext("انجام شد."))


@router.post("/batches/{batch_id}/answers")
async def write_answers(batch_id: UUID, visit: Staff) -> Response:
    """What the bank said of each; rows without an outcome are left for later."""
    form = visit.form()
    items = _answers(form)
    if not items:
        form.problem = gettext("پاسخ بانک را دست‌کم برای یک واریز بنویسید.")
        return await _batch_page(visit, batch_id, 422)
    try:
        await visit.post(f"{BATCHES}/{batch_id}/answers", {"items": items})
    except Refused as refusal:
        form.refused(refusal, **_names(items))
        return await _batch_page(visit, batch_id, refusal.status)
    return visit.redirect(_place(batch_id), gettext("پاسخ بانک ثبت شد."))


@router.get("/batches/{batch_id}/answers")
async def back_to_batch(batch_id: UUID, visit: Staff) -> Response:
    """Where a form that was put away is found again."""
    return await _batch_page(visit, batch_id)


@router.get("/batches/{batch_id}/file")
async def download(batch_id: UUID, visit: Staff) -> Response:
    return await visit.download(f"{BATCHES}/{batch_id}/file")


def _place(batch_id: object) -> str:
    return f"/staff/refunds/batches/{batch_id}"


def _answers(form: Form) -> list[dict[str, str]]:
    items = []
    for refund_id in form.all_of("refund_id"):
        outcome = form[f"outcome.{refund_id}"]
        if outcome in ("paid", "rejected"):
            said = "reference" if outcome == "paid" else "reason"
            item = {"refund_id": refund_id, "outcome": outcome, said: form[f"said.{refund_id}"]}
            items.append({name: value for name, value in item.items() if value})
    return items


def _names(items: list[dict[str, str]]) -> dict[str, str]:
    """The form's fields by the API's."""
    names: dict[str, str] = {}
    for number, item in enumerate(items):
        names |= {f"items.{number}.{name}": f"said.{item['refund_id']}" for name in ("reference", "reason")}
        names[f"items.{number}"] = f"said.{item['refund_id']}"
    return names


async def _page(
    visit: Visit, status: int = 200, state: str = "ready", cursor: UUID | None = None
) -> Response:
    state = state if state in REFUND_STATES else "ready"
    waiting = await visit.get("/staff/refunds", {"state": state, "cursor": cursor or ""})
    return visit.page(
        "desk_money/refunds.html",
        status=status,
        refunds=waiting["items"],
        next_path=next_path("/staff/refunds", {"state": state}, waiting["next_cursor"]),
        batches=(await visit.get(BATCHES))["items"],
        states=choices("refund_state"),
        state=state,
        may_pay=may(visit, "refunds.pay"),
    )


async def _batch_page(visit: Visit, batch_id: UUID, status: int = 200) -> Response:
    batch: Mapping[str, Any] = await visit.get(f"{BATCHES}/{batch_id}")
    unanswered = [one for one in batch["transfers"] if one["outcome"] is None]
    return visit.page(
        "desk_money/batch.html",
        status=status,
        batch=batch,
        unanswered=unanswered[:MOST_ANSWERS] if batch["state"] == "approved" else [],
        may_pay=may(visit, "refunds.pay"),
        is_mine=is_me(visit, batch["proposed_by"]),
    )
