"""The routes a merchant's server calls, `/pg/v4/payment/...`."""

from secrets import compare_digest
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from simulators.answering import answer
from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, BankDep
from simulators.zarinpal import sessions
from simulators.zarinpal.wire import (
    FEE_TYPE,
    VERIFY_MESSAGES,
    AuthorityBody,
    MerchantBody,
    RefundBody,
    RequestBody,
    VerifyBody,
    ZarinpalError,
    ZarinpalRoute,
    refusal,
    success,
)

TEHRAN = ZoneInfo("Asia/Tehran")
UNVERIFIED_AT_MOST = 100

router = APIRouter(prefix="/pg/v4/payment", route_class=ZarinpalRoute, include_in_schema=False)


@router.post("/request.json")
async def request_payment(body: RequestBody, request: Request, bank: BankDep) -> Response:
    sessions.check_merchant(bank, body.merchant_id)
    faults = bank.faults.draw()

    def work() -> Response:
        payment = sessions.open_session(bank, body)
        bank.faults.bind(payment.reference, faults)
        return success(
            100,
            "Success",
            authority=payment.reference,
            fee_type=FEE_TYPE,
            fee=sessions.fee_of(payment.amount) // payment.unit,
        )

    return await answer(request, faults, "request", work, refusal)


@router.post("/verify.json")
async def verify_payment(body: VerifyBody, request: Request, bank: BankDep) -> Response:
    payment = sessions.session_of(bank, body.merchant_id, body.authority)
    payment.verifies += 1

    def work() -> Response:
        code = sessions.verify(bank, _now(bank, payment), body)
        return success(
            code,
            VERIFY_MESSAGES[code],
            card_hash=payment.card_hash,
            card_pan=payment.card_pan,
            ref_id=payment.answered_ref_id,
            fee_type=FEE_TYPE,
            fee=sessions.fee_of(payment.amount) // payment.unit,
        )

    return await answer(request, bank.faults.of(payment.reference), "verify", work, refusal)


@router.post("/inquiry.json")
async def inquire(body: AuthorityBody, request: Request, bank: BankDep) -> Response:
    payment = sessions.session_of(bank, body.merchant_id, body.authority)

    def work() -> Response:
        return success(100, "Success", status=sessions.STATUS[_now(bank, payment).state])

    return await answer(request, bank.faults.of(payment.reference), "inquiry", work, refusal)


@router.post("/unVerified.json")
async def list_unverified(body: MerchantBody, bank: BankDep) -> Response:
    sessions.check_merchant(bank, body.merchant_id)
    waiting = [
        payment
        for payment in bank.books.all()
        if payment.state is State.PAID and payment.merchant == body.merchant_id
    ]
    return success(100, "Success", authorities=[_unverified(p) for p in waiting[-UNVERIFIED_AT_MOST:]])


@router.post("/reverse.json")
async def reverse_payment(body: AuthorityBody, request: Request, bank: BankDep) -> Response:
    payment = sessions.session_of(bank, body.merchant_id, body.authority)

    def work() -> Response:
        sessions.reverse(bank, _now(bank, payment))
        return success(100, "Reversed")

    return await answer(request, bank.faults.of(payment.reference), "reverse", work, refusal)


@router.post("/refund.json")
async def refund_payment(
    body: RefundBody, request: Request, bank: BankDep, authorization: Annotated[str, Header()] = ""
) -> Response:
    token = bank.settings.zarinpal_refund_token.get_secret_value()
    if not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        return JSONResponse({"message": "Unauthenticated."}, 401)
    payment = sessions.session_of(bank, body.merchant_id, body.authority)

    def work() -> Response:
        sent = sessions.refund(bank, _now(bank, payment), body.amount)
        return success(100, "Operation was successful.", ref_id=payment.ref_id, amount=sent // payment.unit)

    return await answer(request, bank.faults.of(payment.reference), "refund", work, refusal)


def _now(bank: Bank, payment: BankPayment) -> BankPayment:
    """The payment after the time a slow answer took."""
    found = bank.books.find(payment.reference)
    if found is None:
        raise ZarinpalError(-54)
    return found


def _unverified(payment: BankPayment) -> dict[str, object]:
    return {
        "authority": payment.reference,
        "amount": payment.amount // payment.unit,
        "callback_url": payment.callback_url,
        "referer": "",
        "date": payment.times[State.PAID].astimezone(TEHRAN).strftime("%Y-%m-%d %H:%M:%S"),
    }
