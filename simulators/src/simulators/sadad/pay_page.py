"""The page the buyer's browser is sent to, `/VPG/Purchase`, and returns from by a form."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response

from simulators.bank.counter import BankDep, Outcome
from simulators.bank.pay_page import Decision, PayPage, Return
from simulators.sadad.api import SADAD
from simulators.sadad.wire import callback_of

router = APIRouter(prefix="/VPG", include_in_schema=False)

PAGE = PayPage(SADAD.title, lambda payment: Return(payment.callback_url, callback_of(payment)))


@router.get("/Purchase")
async def show(Token: str, request: Request, bank: BankDep) -> Response:  # noqa: N803 - the bank's own name
    return PAGE.show(request, bank, bank.books.find(Token))


@router.post("/Purchase")
async def pay(
    Token: str,  # noqa: N803 - the bank's own name
    request: Request,
    bank: BankDep,
    outcome: Annotated[Outcome, Form()],
    later: BackgroundTasks,
    card_holder: Annotated[str, Form()] = "",
) -> Response:
    """`card_holder` is the national code of whose card pays; empty is the buyer's own."""
    return PAGE.pay(request, bank, bank.books.find(Token), Decision(outcome, later, card_holder))
