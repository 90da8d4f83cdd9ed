"""The routes a merchant's server calls, `/vpg/api/v0/...`."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from simulators.answering import answer
from simulators.bank.books import State
from simulators.bank.counter import Bank, BankDep, Provider, as_now, new_token, open_session, tell_reference
from simulators.sadad import wire
from simulators.sadad.wire import PaymentBody, VerifyBody, is_signed, said

SADAD = Provider("sadad", "سداد بانک ملی", timedelta(minutes=15), timedelta(minutes=15))

router = APIRouter(prefix="/vpg/api/v0", include_in_schema=False)


@router.post("/Request/PaymentRequest")
async def request_payment(body: PaymentBody, request: Request, bank: BankDep) -> Response:
    faults = bank.faults.draw()

    def work() -> Response:
        if refused := _refused(bank, body):
            return said(refused)
        token = new_token()
        open_session(
            bank,
            SADAD,
            reference=token,
            merchant=body.MerchantId,
            amount=body.Amount,
            callback_url=body.ReturnUrl,
            description=body.AdditionalData,
            order_id=str(body.OrderId),
            holder=body.NationalCode if body.PanAuthenticationType == wire.BY_NATIONAL_CODE else None,
            page=f"/VPG/Purchase?Token={token}",
        )
        bank.faults.bind(token, faults)
        return said(wire.SUCCESS, Token=token)

    return await answer(request, faults, "request", work, said)


def _refused(bank: Bank, body: PaymentBody) -> int | None:
    settings = bank.settings
    signed = f"{body.TerminalId};{body.OrderId};{body.Amount}"
    if (body.MerchantId, body.TerminalId) != (settings.sadad_merchant_id, settings.sadad_terminal_id):
        return wire.UNKNOWN_TERMINAL
    if not is_signed(settings.sadad_terminal_key, signed, body.SignData):
        return wire.WRONG_SIGNATURE
    if body.Amount <= 0:
        return wire.WRONG_AMOUNT
    if bank.books.of_order(SADAD.name, str(body.OrderId)) is not None:
        return wire.DUPLICATE_ORDER
    return None if body.ReturnUrl.startswith(("http://", "https://")) else wire.WRONG_RETURN_URL


@router.post("/Advice/Verify")
async def verify(body: VerifyBody, request: Request, bank: BankDep) -> Response:
    payment = bank.books.find(body.Token)
    if not is_signed(bank.settings.sadad_terminal_key, body.Token, body.SignData):
        return said(wire.WRONG_SIGNATURE)
    if payment is None or payment.provider != SADAD.name:
        return said(wire.NOT_FOUND)
    payment.verifies += 1

    def work() -> Response:
        found = as_now(bank, payment)
        if found.state is State.REVERSED:
            return said(wire.RETURNED)
        if found.state not in {State.PAID, State.VERIFIED}:
            return said(wire.NOT_PAID)
        if found.state is State.PAID:
            found.move(State.VERIFIED, bank.books.clock.now())
        return said(
            wire.SUCCESS,
            Amount=found.paid_amount,
            RetrivalRefNo=str(tell_reference(bank, found)),
            SystemTraceNo=str(found.ref_id)[-6:],
            OrderId=int(found.order_id or 0),
            TransactionDate=found.times[State.PAID].strftime("%m/%d/%Y %I:%M:%S %p"),
            CardHolderFullName="",
        )

    return await answer(request, bank.faults.of(payment.reference), "verify", work, said)
