"""Differences with banks and providers: one of the staff takes each, and closes it with a note."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response

from iran import BANK_BY_CODE
from portal.formats import institution
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit
from portal.words import PAYMENT_PROVIDERS

router = APIRouter(prefix="/staff/differences")

PLACE = "/staff/differences"
FILTERS = ("source", "state", "institution", "owner")
MINE = "mine"


@router.get("")
async def index(visit: Staff) -> Response:
    return await _page(visit)


@router.get("/export")
async def export(visit: Staff) -> Response:
    """What the filters leave, as a file."""
    chosen = Form(typed=dict(visit.request.query_params))
    query = _query(visit, chosen)
    return await visit.download("/staff/differences/export", query | chosen.only("format"))


@router.post("")
async def mind(visit: Staff) -> Response:
    """``take`` or ``close``; the filters are in the address, and stay."""
    form = visit.form()
    try:
        number = UUID(form["difference_id"])
        await _mind(visit, form, number)
    except ValueError:
        return await _page(visit, 422)
    except Refused as refusal:
        form.refused(refusal, note=f"note.{number}")
        return await _page(visit, refusal.status)
    return visit.redirect(visit.here, gettext("انجام شد."))


async def _mind(visit: Visit, form: Form, number: UUID) -> None:
    path = f"/staff/differences/{number}"
    if form["deed"] == "close":
        await visit.post(f"{path}/closing", {"note": form[f"note.{number}"]})
    else:
        await visit.post(f"{path}/taking", {"over": form["over"] == "yes"})


async def _page(visit: Visit, status: int = 200) -> Response:
    assert visit.session is not None
    chosen = Form(typed={"state": "open", **visit.request.query_params})
    query = _query(visit, chosen)
    cursor = visit.request.query_params.get("cursor", "")
    found: Mapping[str, Any] = {"items": [], "next_cursor": None}
    if not chosen.is_wrong:
        found = await visit.get("/staff/differences", query | {"cursor": cursor})
    kept = {name: value for name, value in chosen.typed.items() if value and name != "cursor"}
    return visit.page(
        "desk_money/differences.html",
        status=status,
        chosen=chosen,
        differences=found["items"],
        next_path=next_path(PLACE, kept, found["next_cursor"]),
        here=f"{PLACE}?{urlencode(kept)}",
        kept=urlencode(kept),
        sources=[("deposits", gettext("صورت‌حساب بانک")), ("provider_day", gettext("گزارش روز درگاه"))],
        states=[("open", gettext("باز")), ("closed", gettext("بسته"))],
        institutions=[(code, institution(code)) for code in (*PAYMENT_PROVIDERS, *BANK_BY_CODE)],
        owners=[(MINE, gettext("کارهای من"))],
        me=visit.session.customer_id,
        may_mind=may(visit, "differences.mind"),
    )


def _query(visit: Visit, chosen: Form) -> dict[str, object]:
    assert visit.session is not None
    query = chosen.only(*FILTERS)
    if chosen["owner"] == MINE:
        query["owner"] = visit.session.customer_id
    if chosen["day"] and (day := chosen.day("day")):
        query["day"] = day.isoformat()
    return query
