"""Changes of accounts that wait for the staff: the queue, what is asked for, and the decision."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.formats import day
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.account import words as account
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import is_me, may
from portal.pages.desk_people import words
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/approvals")

DEEDS = ("approval", "refusal")


@router.get("")
async def queue(visit: Staff, cursor: UUID | None = None, field: str = "") -> Response:
    """The oldest first; ``field`` shows the changes of one field only."""
    found = await visit.get("/staff/approvals", {"cursor": cursor or "", "field": field})
    chosen = {"field": field} if field in account.fields() else {}
    form = Form().fill({"field": field})
    return visit.page(
        "desk_people/approvals.html",
        form=form,
        changes=found["items"],
        next_path=next_path("/staff/approvals", chosen, found["next_cursor"]),
        fields=account.fields(),
    )


@router.get("/{change_id}")
async def read(change_id: UUID, visit: Staff) -> Response:
    return await _page(visit, change_id)


@router.post("/{change_id}")
async def decide(change_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``; a refusal says why, and the person is told."""
    form = visit.form()
    deed = form["deed"]
    if deed == "refusal":
        form.require(gettext("دلیل را بنویسید؛ به درخواست‌کننده گفته می‌شود."), ["reason"])
    if deed not in DEEDS or form.is_wrong:
        return await _page(visit, change_id, 422)
    body = form.only("reason") if deed == "refusal" else None
    try:
        decided = await visit.post(f"/staff/approvals/{change_id}/{deed}", body, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, change_id, refusal.status)
    return visit.redirect("/staff/approvals", _said_of(decided))


def _said_of(decided: dict[str, Any]) -> str:
    if decided["state"] == "refused":
        return gettext("درخواست رد شد و دلیل آن پیامک می‌شود.")
    if decided["state"] == "approved":
        return gettext("درخواست تأیید شد و حساب تغییر کرد.")
    return gettext("تأیید شما ثبت شد؛ همکار دیگری هم باید آن را ببیند.")


async def _page(visit: Visit, change_id: UUID, status: int = 200) -> Response:
    change = await visit.get(f"/staff/approvals/{change_id}")
    mine = any(is_me(visit, one["staff_id"]) for one in change["approvals"])
    is_pending = change["state"] == "pending" and may(visit, "approvals.decide")
    return visit.page(
        "desk_people/approval.html",
        status=status,
        change=change,
        title=account.fields().get(change["field"], change["field"]),
        values=_compared(change["field"], change["old"], change["new"]),
        state=account.states().get(change["state"], (change["state"], "quiet")),
        inquiries=words.inquiries(),
        results=account.results(),
        approved_by_me=mine,
        may_decide=is_pending,
    )


def _compared(field: str, old: Any, new: Any) -> list[tuple[str, str, str]]:
    """What stands in the account and what is asked for, in rows of label, old and new."""
    if not isinstance(new, dict):
        return [(account.fields().get(field, field), _shown(field, old), _shown(field, new))]
    before = old if isinstance(old, dict) else {}
    labels = words.address()
    return [
        (labels.get(name, name), _shown(name, before.get(name)), _shown(name, new.get(name)))
        for name in {**before, **new}
    ]


def _shown(field: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if field == "birth_date":
        return day(str(value))
    if field == "gender":
        return words.genders().get(str(value), str(value))
    return str(value)
