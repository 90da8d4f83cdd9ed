"""The page the buyer's browser is sent to, `/pg/StartPay/{authority}`."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response
from fastapi.responses import RedirectResponse

from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, BankDep, Outcome, arrive, decide
from simulators.pages import notice, render

router = APIRouter(prefix="/pg", include_in_schema=False)

GONE = {
    State.EXPIRED: "مهلت این پرداخت گذشته است. به فروشگاه برگردید و دوباره پرداخت را آغاز کنید.",
    State.FAILED: "این پرداخت ناموفق بود و پایان یافته است.",
    State.REVERSED: "مبلغ این پرداخت به حساب شما برگشته است.",
}
DONE = "این پرداخت پیش از این انجام شده است."


@router.get("/StartPay/{authority}")
async def show(authority: str, request: Request, bank: BankDep) -> Response:
    payment = _arrived(bank, authority)
    return _refused(request, payment) or render(request, "pay.html", payment=payment, bank_name="زرین‌پال")


@router.post("/StartPay/{authority}")
async def pay(
    authority: str,
    request: Request,
    bank: BankDep,
    outcome: Annotated[Outcome, Form()],
    later: BackgroundTasks,
) -> Response:
    payment = _arrived(bank, authority)
    if refused := _refused(request, payment):
        return refused
    assert payment is not None
    way = decide(bank, payment, outcome)
    callback = callback_url(payment)
    for _ in range(way.copies):
        later.add_task(bank.visit, callback)
    if way.browser:
        return RedirectResponse(callback, 303)
    return notice(request, 200, "پرداخت انجام شد، اما مرورگر شما به فروشگاه برنگشت.")


def callback_url(payment: BankPayment) -> str:
    """The merchant's URL with `Authority` and `Status` added to its own query."""
    status = "OK" if payment.outcome == "paid" else "NOK"
    url = urlsplit(payment.callback_url)
    query = [
        *parse_qsl(url.query, keep_blank_values=True),
        ("Authority", payment.reference),
        ("Status", status),
    ]
    return url._replace(query=urlencode(query)).geturl()


def _arrived(bank: Bank, authority: str) -> BankPayment | None:
    payment = bank.books.find(authority)
    if payment is not None:
        arrive(bank, payment)
    return payment


def _refused(request: Request, payment: BankPayment | None) -> Response | None:
    if payment is None:
        return notice(request, 404, "چنین پرداختی یافت نشد.")
    if payment.state is State.EXPIRED:
        return notice(request, 410, GONE[State.EXPIRED])
    if payment.state is not State.IN_BANK:
        return notice(request, 409, GONE.get(payment.state, DONE))
    return None
