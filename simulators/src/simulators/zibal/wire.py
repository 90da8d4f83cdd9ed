"""Zibal's messages: every answer has a `result` and a `message`."""

from typing import Annotated, Any

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from simulators.bank.books import BankPayment, State

MESSAGES = {
    100: "success",
    102: "merchant not found",
    103: "merchant is inactive",
    104: "merchant is not valid",
    105: "amount must be greater than 1,000",
    106: "callbackUrl is not valid",
    113: "amount is greater than the limit",
    201: "already verified",
    202: "order is not paid or it failed",
    203: "trackId is not valid",
}
LEAST = 1_000
STATUS = {
    State.IN_BANK: -1,
    State.PAID: 2,
    State.VERIFIED: 1,
    State.REFUNDED: 15,
    State.REVERSED: 18,
    State.FAILED: 7,
    State.EXPIRED: 3,
}
CANCELLED = 3


class RequestBody(BaseModel):
    merchant: str
    amount: int = Field(strict=True)
    callbackUrl: str  # noqa: N815 - Zibal's own name
    orderId: str = ""  # noqa: N815 - Zibal's own name
    description: str = ""
    mobile: str | None = None


class TrackBody(BaseModel):
    merchant: str
    trackId: Annotated[int, Field(strict=True)]  # noqa: N815 - Zibal's own name


def said(result: int, **facts: Any) -> Response:
    return JSONResponse({"result": result, "message": MESSAGES.get(result, "error"), **facts})


def status_of(payment: BankPayment) -> int:
    return CANCELLED if payment.outcome == "cancelled" else STATUS[payment.state]


def told(payment: BankPayment, reference: int | None) -> dict[str, Any]:
    """What a verification and an inquiry tell of a payment."""
    return {
        "status": status_of(payment),
        "amount": payment.paid_amount or payment.amount,
        "refNumber": reference,
        "cardNumber": payment.card_pan,
        "orderId": payment.order_id,
        "description": payment.description,
        "paidAt": payment.times[State.PAID].isoformat() if State.PAID in payment.times else None,
    }
