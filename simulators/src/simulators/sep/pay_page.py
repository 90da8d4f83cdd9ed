"""The page the buyer's browser is sent to by an address, and from which it returns by a form."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response

from simulators.bank.counter import BankDep, Outcome
from simulators.bank.pay_page import Decision, PayPage, Return
from simulators.sep.api import SEP
from simulators.sep.wire import callback_of

router = APIRouter(prefix="/OnlinePG", include_in_schema=False)

PAGE = PayPage(SEP.title, lambda payment: Return(payment.callback_url, callback_of(payment)))


@router.get("/SendToken")
async def show(token: str, request: Request, bank: BankDep) -> Response:
    return PAGE.show(request, bank, bank.books.find(token))


@router.post("/SendToken")
async def pay(
    token: str,
    request: Request,
    bank: BankDep,
    outcome: Annotated[Outcome, Form()],
    later: BackgroundTasks,
) -> Response:
    return PAGE.pay(request, bank, bank.books.find(token), Decision(outcome, later))
