"""Contracts that pass to somebody else, once both sides agreed."""

from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff")

DEEDS = ("approval", "refusal")


@router.get("/transfers")
async def transfers(visit: Staff) -> Response:
    return await _page(visit)


@router.post("/transfers")
async def decide(visit: Staff) -> Response:
    form = visit.form()
    if form["deed"] not in DEEDS:
        return await _page(visit, 422)
    try:
        await visit.post(f"/staff/transfers/{UUID(form['transfer_id'])}/{form['deed']}")
    except ValueError:
        return await _page(visit, 422)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, refusal.status)
    approved = form["deed"] == DEEDS[0]
    sentence = gettext("قرارداد به نام دیگری شد.") if approved else gettext("صلح قرارداد پذیرفته نشد.")
    return visit.redirect("/staff/transfers", sentence)


async def _page(visit: Visit, status: int = 200) -> Response:
    found = await visit.get("/staff/transfers")
    return visit.page(
        "desk_orders/transfers.html",
        status=status,
        transfers=found["items"],
        may_decide=may(visit, "transfers.decide"),
    )
