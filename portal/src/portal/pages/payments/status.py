"""The payment status: what was paid, and what may be asked for: the car again, or a bill that settles."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import Refused
from portal.language import gettext
from portal.visit import Member

router = APIRouter()

UNDER_CONTRACT = frozenset(
    {"contract_active", "settled", "allocated", "invoiced", "plated", "sent_to_dealer", "ready"}
)
"""States in which a bill that settles the price or the late fees may be asked for."""
PURPOSES = frozenset({"principal", "penalty"})


@router.get("/payments")
async def status(visit: Member, cursor: UUID | None = None) -> Response:
    page = await visit.get("/payments", {"cursor": cursor or ""})
    orders: list[Any] = [] if cursor else (await visit.get("/orders"))["items"]
    return visit.page(
        "payments/status.html",
        payments=page["items"],
        next_path=f"/payments?cursor={page['next_cursor']}" if page["next_cursor"] else "",
        again=[one for one in orders if one["state"] == "invitation_expired"],
        contracts=[one for one in orders if one["state"] in UNDER_CONTRACT],
    )


@router.post("/orders/{order_id}/settlement")
async def ask_for_bill(order_id: UUID, visit: Member) -> Response:
    form = visit.form()
    purpose = form["purpose"] if form["purpose"] in PURPOSES else "principal"
    try:
        bill = await visit.post(f"/orders/{order_id}/bills", {"purpose": purpose}, key=form.key)
    except Refused as refusal:
        return visit.redirect(f"/orders/{order_id}", refusal.sentence, kind="warning")
    sentence = gettext("قبض درخواست شد؛ شناسه‌های آن تا چند لحظه‌ی دیگر در همین سفارش دیده می‌شود.")
    return visit.redirect(f"/orders/{order_id}?bill={bill['id']}#bills", sentence)


@router.post("/orders/{order_id}/reassignment")
async def ask_again(order_id: UUID, visit: Member) -> Response:
    try:
        invitation = await visit.post(f"/orders/{order_id}/reassignment", key=visit.form().key)
    except Refused as refusal:
        return visit.redirect(f"/orders/{order_id}", refusal.sentence, kind="warning")
    sentence = gettext("خودرو به شرایط روز دوباره به شما واگذار شد؛ تا پایان مهلت دعوت‌نامه پرداخت کنید.")
    return visit.redirect(f"/orders/{order_id}?bill={invitation['bill_id']}#bills", sentence)
