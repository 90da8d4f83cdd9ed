"""One bill, and the way from it to the bank."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from iran import to_ascii_digits
from portal.gateway import NotAnswering, Refused
from portal.language import gettext
from portal.visit import Member, Visit

router = APIRouter()

UNAVAILABLE = 503
SEPARATORS = str.maketrans("", "", " ٬,،.")
PAYING = frozenset({"started", "at_bank", "unknown"})


@router.get("/bills/{bill_id}")
async def open_bill(bill_id: UUID, visit: Member) -> Response:
    return await _page(visit, bill_id)


@router.post("/bills/{bill_id}")
async def pay(bill_id: UUID, visit: Member) -> Response:
    """Answers with a page that leads to the bank by itself, and by a link where it does not."""
    form = visit.form()
    try:
        body = {"amount": amount_of(form["amount"])} if form["amount"] else {}
    except ValueError:
        form.errors["amount"] = gettext("مبلغ را به ریال و با رقم بنویسید.")
        return await _page(visit, bill_id, status=422)
    try:
        started = await visit.post(f"/bills/{bill_id}/payments", body, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, bill_id, status=refusal.status)
    except NotAnswering:
        form.problem = gettext(
            "درگاه بانک اکنون پاسخ نمی‌دهد و چیزی از شما کم نشده است. کمی بعد دوباره تلاش کنید."
        )
        return await _page(visit, bill_id, status=UNAVAILABLE)
    return visit.page("payments/to_bank.html", started=started, bill_id=bill_id, leaves=True)


def amount_of(text: str) -> int:
    """Rial, as people type them; raises ``ValueError``."""
    return int(to_ascii_digits(text).translate(SEPARATORS))


async def _page(visit: Visit, bill_id: UUID, status: int = 200) -> Response:
    bill = await visit.get(f"/bills/{bill_id}")
    payments: list[Any] = (await visit.get("/payments", {"bill_id": str(bill_id)}))["items"]
    live = next((one for one in payments if one["state"] in PAYING), None)
    return visit.page("payments/bill.html", status=status, bill=bill, payments=payments, live=live)
