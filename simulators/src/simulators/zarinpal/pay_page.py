"""The page the buyer's browser is sent to, `/pg/StartPay/{authority}`."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response

from simulators.bank.books import BankPayment
from simulators.bank.counter import BankDep, Outcome
from simulators.bank.pay_page import Decision, PayPage, Return, with_query

router = APIRouter(prefix="/pg", include_in_schema=False)


def callback_url(payment: BankPayment) -> str:
    """The merchant's URL with `Authority` and `Status` added to its own query."""
    status = "OK" if payment.outcome == "paid" else "NOK"
    return with_query(payment.callback_url, Authority=payment.reference, Status=status)


PAGE = PayPage("زرین‌پال", lambda payment: Return(callback_url(payment)))


@router.get("/StartPay/{authority}")
async def show(authority: str, request: Request, bank: BankDep) -> Response:
    return PAGE.show(request, bank, bank.books.find(authority))


@router.post("/StartPay/{authority}")
async def pay(
    authority: str,
    request: Request,
    bank: BankDep,
    outcome: Annotated[Outcome, Form()],
    later: BackgroundTasks,
) -> Response:
    return PAGE.pay(request, bank, bank.books.find(authority), Decision(outcome, later))
