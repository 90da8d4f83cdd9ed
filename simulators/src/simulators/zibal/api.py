"""The routes a merchant's server calls, `/v1/...`, and the buyers' page, `/start/{trackId}`."""

from datetime import timedelta
from itertools import count
from time import time
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response

from simulators.answering import answer
from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, BankDep, Outcome, Provider, as_now, open_session, tell_reference
from simulators.bank.pay_page import Decision, PayPage, Return, with_query
from simulators.zibal.wire import LEAST, RequestBody, TrackBody, said, status_of, told

ZIBAL = Provider("zibal", "زیبال", timedelta(minutes=15), timedelta(minutes=30))
TRACK_IDS = count(int(time() * 1000))

router = APIRouter(include_in_schema=False)


def back(payment: BankPayment) -> Return:
    success = int(payment.outcome == "paid")
    url = with_query(
        payment.callback_url,
        trackId=payment.reference,
        success=success,
        status=status_of(payment),
        orderId=payment.order_id,
    )
    return Return(url)


PAGE = PayPage(ZIBAL.title, back)


@router.post("/v1/request")
async def request_payment(body: RequestBody, request: Request, bank: BankDep) -> Response:
    faults = bank.faults.draw()

    def work() -> Response:
        if refused := _refused(bank, body):
            return refused
        track_id = next(TRACK_IDS)
        payment = open_session(
            bank,
            ZIBAL,
            reference=str(track_id),
            merchant=body.merchant,
            amount=body.amount,
            callback_url=body.callbackUrl,
            description=body.description,
            order_id=body.orderId,
            page=f"/start/{track_id}",
        )
        bank.faults.bind(payment.reference, faults)
        return said(100, trackId=track_id)

    return await answer(request, faults, "request", work, said)


def _refused(bank: Bank, body: RequestBody) -> Response | None:
    if not _is_known(bank, body.merchant):
        return said(102)
    if body.amount <= LEAST:
        return said(105)
    return None if body.callbackUrl.startswith(("http://", "https://")) else said(106)


@router.post("/v1/verify")
async def verify_payment(body: TrackBody, request: Request, bank: BankDep) -> Response:
    payment = _found(bank, body)
    if payment is None:
        return said(203)
    payment.verifies += 1

    def work() -> Response:
        found = as_now(bank, payment)
        if found.state in {State.VERIFIED, State.REFUNDED}:
            return said(201)
        if found.state is not State.PAID:
            return said(202, status=status_of(found))
        found.move(State.VERIFIED, bank.books.clock.now())
        return said(100, **told(found, tell_reference(bank, found)))

    return await answer(request, bank.faults.of(payment.reference), "verify", work, said)


@router.post("/v1/inquiry")
async def inquire(body: TrackBody, request: Request, bank: BankDep) -> Response:
    payment = _found(bank, body)
    if payment is None:
        return said(203)

    def work() -> Response:
        found = as_now(bank, payment)
        return said(100, **told(found, found.answered_ref_id or found.ref_id))

    return await answer(request, bank.faults.of(payment.reference), "inquiry", work, said)


def _found(bank: Bank, body: TrackBody) -> BankPayment | None:
    """The merchant's own session."""
    payment = bank.books.find(str(body.trackId))
    is_own = payment is not None and (payment.provider, payment.merchant) == (ZIBAL.name, body.merchant)
    return payment if is_own else None


def _is_known(bank: Bank, merchant: str) -> bool:
    registered = bank.settings.zibal_merchant
    return registered is None or merchant == registered.get_secret_value()


@router.get("/start/{track_id}")
async def show(track_id: str, request: Request, bank: BankDep) -> Response:
    return PAGE.show(request, bank, bank.books.find(track_id))


@router.post("/start/{track_id}")
async def pay(
    track_id: str,
    request: Request,
    bank: BankDep,
    outcome: Annotated[Outcome, Form()],
    later: BackgroundTasks,
) -> Response:
    return PAGE.pay(request, bank, bank.books.find(track_id), Decision(outcome, later))
