"""The routes a merchant's server calls."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from simulators.answering import answer
from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, BankDep, Provider, as_now, new_token, open_session, tell_reference
from simulators.sep import wire
from simulators.sep.wire import TokenBody, TransactionBody, result, token_refused

SEP = Provider("sep", "پرداخت الکترونیک سامان", timedelta(minutes=20), timedelta(minutes=30))
REVERSE_WITHIN = timedelta(minutes=50)
TRANSACTION = "/verifyTxnRandomSessionkey/ipg"

router = APIRouter(include_in_schema=False)


@router.post("/onlinepg/onlinepg")
async def request_token(body: TokenBody, request: Request, bank: BankDep) -> Response:
    faults = bank.faults.draw()

    def work() -> Response:
        if body.TerminalId != bank.settings.sep_terminal_id:
            return token_refused(wire.UNKNOWN_TERMINAL)
        if not _is_in_order(bank, body):
            return token_refused(wire.INVALID_PARAMETERS)
        token = new_token()
        open_session(
            bank,
            SEP,
            reference=token,
            merchant=str(body.TerminalId),
            amount=body.Amount,
            callback_url=body.RedirectUrl,
            order_id=body.ResNum,
            page=f"/OnlinePG/SendToken?token={token}",
        )
        bank.faults.bind(token, faults)
        return JSONResponse({"status": 1, "token": token})

    return await answer(request, faults, "request", work, token_refused)


def _is_in_order(bank: Bank, body: TokenBody) -> bool:
    return (
        body.action == "token"
        and body.Amount > 0
        and body.RedirectUrl.startswith(("http://", "https://"))
        and bank.books.of_order(SEP.name, body.ResNum) is None
    )


@router.post(f"{TRANSACTION}/VerifyTransaction")
async def verify(body: TransactionBody, request: Request, bank: BankDep) -> Response:
    payment = _transaction(bank, body)
    if isinstance(payment, Response):
        return payment
    payment.verifies += 1

    def work() -> Response:
        found = as_now(bank, payment)
        if found.state is State.REVERSED:
            return result(wire.REVERSED)
        is_first = found.state is State.PAID
        if is_first:
            found.move(State.VERIFIED, bank.books.clock.now())
        detail = wire.detail_of(found, tell_reference(bank, found), body.TerminalNumber)
        return result(wire.OK if is_first else wire.DUPLICATE, detail)

    return await answer(request, bank.faults.of(payment.reference), "verify", work, result)


@router.post(f"{TRANSACTION}/ReverseTransaction")
async def reverse(body: TransactionBody, request: Request, bank: BankDep) -> Response:
    payment = _transaction(bank, body)
    if isinstance(payment, Response):
        return payment

    def work() -> Response:
        found = as_now(bank, payment)
        if found.state is State.REVERSED:
            return result(wire.REVERSED)
        if bank.books.clock.now() > found.times[State.PAID] + REVERSE_WITHIN:
            return result(wire.TOO_LATE)
        found.move(State.REVERSED, bank.books.clock.now())
        return result(wire.OK, wire.detail_of(found, found.ref_id, body.TerminalNumber))

    return await answer(request, bank.faults.of(payment.reference), "reverse", work, result)


def _transaction(bank: Bank, body: TransactionBody) -> BankPayment | Response:
    if body.TerminalNumber != bank.settings.sep_terminal_id:
        return result(wire.OTHER_TERMINAL)
    payment = bank.books.with_ref_id(SEP.name, body.RefNum)
    return result(wire.NOT_FOUND) if payment is None else payment
