"""The page the buyer's browser is sent to with a form, `/pgwchannel/startpay.mellat`, and returns from so."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response

from simulators.bank.counter import BankDep, Outcome
from simulators.bank.pay_page import Decision, PayPage, Return
from simulators.mellat.api import MELLAT
from simulators.mellat.wire import callback_of

router = APIRouter(prefix="/pgwchannel", include_in_schema=False)

PAGE = PayPage(MELLAT.title, lambda payment: Return(payment.callback_url, callback_of(payment)))


@router.get("/startpay.mellat")
async def look(RefId: str, request: Request, bank: BankDep) -> Response:  # noqa: N803 - the bank's own name
    """For who looks at the books; the real bank knows only the form."""
    return PAGE.show(request, bank, bank.books.find(RefId), {"RefId": RefId})


@router.post("/startpay.mellat")
async def enter(
    request: Request,
    bank: BankDep,
    later: BackgroundTasks,
    RefId: Annotated[str, Form()],  # noqa: N803 - the bank's own name
    outcome: Annotated[Outcome | None, Form()] = None,
) -> Response:
    """Without an `outcome` it is the shop's form, with one the page's own."""
    payment = bank.books.find(RefId)
    if outcome is None:
        return PAGE.show(request, bank, payment, {"RefId": RefId})
    return PAGE.pay(request, bank, payment, Decision(outcome, later))
