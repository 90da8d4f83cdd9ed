"""SEP's messages, with the misspelt name that its document has, too."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from simulators.bank.books import BankPayment, State

INVALID_PARAMETERS, UNKNOWN_TERMINAL = 5, 12
OK, DUPLICATE, REVERSED, NOT_FOUND, TOO_LATE, OTHER_TERMINAL = 0, 2, 5, -2, -6, -105
DESCRIPTIONS = {
    OK: "عملیات با موفقیت انجام شد",
    DUPLICATE: "درخواست تکراری است",
    REVERSED: "تراکنش برگشت خورده است",
    NOT_FOUND: "تراکنش یافت نشد",
    TOO_LATE: "بیش از نیم ساعت از زمان اجرای تراکنش گذشته است",
    OTHER_TERMINAL: "ترمینال ارسالی در سیستم موجود نمی‌باشد",
}
STATUS = {"paid": (2, "OK"), "cancelled": (1, "CanceledByUser"), "failed": (3, "Failed")}


class TokenBody(BaseModel):
    action: str
    TerminalId: int
    Amount: int
    ResNum: str = Field(min_length=1, max_length=50)
    RedirectUrl: str = Field(max_length=2083)
    CellNumber: str | None = None
    TokenExpiryInMin: int = Field(default=20, ge=20, le=3600)


class TransactionBody(BaseModel):
    RefNum: str = Field(max_length=50)
    TerminalNumber: int


def token_refused(code: int) -> Response:
    return JSONResponse({"status": -1, "errorCode": str(code), "errorDesc": "خطا در درخواست"})


def result(code: int, detail: dict[str, Any] | None = None) -> Response:
    return JSONResponse(
        {
            "TransactionDetail": detail,
            "ResultCode": code,
            "ResultDescription": DESCRIPTIONS.get(code, "خطا"),
            "Success": code in {OK, DUPLICATE},
        }
    )


def detail_of(payment: BankPayment, reference: int | None, terminal: int) -> dict[str, Any]:
    return {
        "RRN": f"{payment.ref_id}"[-12:],
        "RefNum": str(reference),
        "MaskedPan": payment.card_pan,
        "HashedPan": payment.card_hash,
        "TerminalNumber": terminal,
        "OrginalAmount": payment.paid_amount,
        "AffectiveAmount": payment.paid_amount,
        "StraceDate": payment.times[State.PAID].strftime("%Y-%m-%d %H:%M:%S"),
        "StraceNo": f"{payment.ref_id}"[-6:],
    }


def callback_of(payment: BankPayment) -> dict[str, str]:
    """What the browser posts back; who did not pay has no reference."""
    status, state = STATUS[payment.outcome or "failed"]
    fields: dict[str, object] = {
        "MID": payment.merchant,
        "TerminalId": payment.merchant,
        "State": state,
        "Status": status,
        "ResNum": payment.order_id,
        "Token": payment.reference,
        "Amount": payment.paid_amount or payment.amount,
    }
    if payment.ref_id is not None:
        fields |= {
            "RefNum": payment.ref_id,
            "RRN": f"{payment.ref_id}"[-12:],
            "TraceNo": f"{payment.ref_id}"[-6:],
            "SecurePan": payment.card_pan,
            "HashedCardNumber": payment.card_hash,
        }
    return {name: str(value) for name, value in fields.items()}
