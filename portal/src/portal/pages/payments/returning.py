"""Back from the bank: what came of the payment, and what happens next. Works without a session, too."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import NotAnswering, Refused
from portal.visit import LoggedOut, Member, Visit, Visitor

router = APIRouter()

LOOK_AGAIN = {"started": "6", "at_bank": "6", "unknown": "6"}
"""Seconds after which the browser asks again, while the result is not known."""
NOT_FOUND = 404


@router.get("/payments/{payment_id}")
async def come_back(payment_id: UUID, visit: Visitor) -> Response:
    payment = bill = None
    is_theirs = True
    try:
        payment = await visit.get(f"/payments/{payment_id}") if visit.session else None
        bill = await _bill(visit, payment)
    except LoggedOut:
        payment = None
    except Refused as refusal:
        if refusal.status != NOT_FOUND:
            raise
        is_theirs = False
    answer = visit.page("payments/returned.html", payment=payment, bill=bill, is_theirs=is_theirs)
    if payment and payment["state"] in LOOK_AGAIN:
        answer.headers["refresh"] = LOOK_AGAIN[payment["state"]]
    return answer


@router.get("/payments/{payment_id}/receipt.pdf")
async def receipt(payment_id: UUID, visit: Member) -> Response:
    return await visit.download(f"/payments/{payment_id}/receipt.pdf")


async def _bill(visit: Visit, payment: Mapping[str, Any] | None) -> Any:
    """None where it cannot be had: the result of the payment is shown without it."""
    if payment is None:
        return None
    try:
        return await visit.get(f"/bills/{payment['bill_id']}")
    except (Refused, NotAnswering):
        return None
