"""The one address of the SOAP service, `/pgwchannel/services/pgw`."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from simulators.answering import answer
from simulators.bank.books import BankPayment
from simulators.bank.counter import Bank, BankDep, Provider, as_now, new_token, open_session
from simulators.bank.faults import Operation
from simulators.mellat import sales, wire
from simulators.mellat.wire import Account, PayCall, SaleCall, fault, said

MELLAT = Provider("mellat", "به‌پرداخت ملت", timedelta(minutes=15), timedelta(minutes=20))
REFERENCE_LENGTH = 20

Deed = Callable[[Bank, BankPayment, SaleCall], int]
DEEDS: Mapping[str, tuple[Operation, Deed]] = {
    "bpVerifyRequest": ("verify", sales.verify),
    "bpSettleRequest": ("settle", sales.settle),
    "bpInquiryRequest": ("inquiry", sales.inquire),
    "bpReversalRequest": ("reverse", sales.reverse),
    "bpRefundRequest": ("refund", sales.refund),
}

router = APIRouter(prefix="/pgwchannel", include_in_schema=False)


@router.post("/services/pgw")
async def call(request: Request, bank: BankDep) -> Response:
    try:
        operation, arguments = wire.read_call(await request.body())
        if operation == "bpPayRequest":
            return await _pay(request, bank, PayCall.model_validate(arguments))
        if operation in DEEDS:
            return await _about_sale(request, bank, operation, SaleCall.model_validate(arguments))
    except ValidationError:
        return said(operation, wire.WRONG_INPUT)
    except wire.NotSoap:
        return fault("not a SOAP envelope")
    return fault("no such operation")


async def _pay(request: Request, bank: Bank, body: PayCall) -> Response:
    faults = bank.faults.draw()

    def work() -> Response:
        if refused := _refused(bank, body):
            return said("bpPayRequest", refused)
        reference = new_token()[:REFERENCE_LENGTH]
        open_session(
            bank,
            MELLAT,
            reference=reference,
            merchant=str(body.terminalId),
            amount=body.amount,
            callback_url=body.callBackUrl,
            description=body.additionalData,
            order_id=str(body.orderId),
            page=f"/pgwchannel/startpay.mellat?RefId={reference}",
        )
        bank.faults.bind(reference, faults)
        return said("bpPayRequest", f"{wire.SUCCESS},{reference}")

    return await answer(request, faults, "request", work, lambda code: said("bpPayRequest", code))


def _refused(bank: Bank, body: PayCall) -> int | None:
    if not _is_known(bank, body):
        return wire.BAD_MERCHANT
    if body.amount <= 0:
        return wire.WRONG_AMOUNT
    if bank.books.of_order(MELLAT.name, str(body.orderId)) is not None:
        return wire.DUPLICATE_ORDER
    return None if body.callBackUrl.startswith(("http://", "https://")) else wire.WRONG_INPUT


async def _about_sale(request: Request, bank: Bank, operation: str, body: SaleCall) -> Response:
    fault_at, deed = DEEDS[operation]
    sale = bank.books.with_ref_id(MELLAT.name, str(body.saleReferenceId))
    if not _is_known(bank, body):
        return said(operation, wire.BAD_MERCHANT)
    if sale is None or sale.order_id != str(body.saleOrderId):
        return said(operation, wire.NO_SALE)
    sale.verifies += fault_at == "verify"
    return await answer(
        request,
        bank.faults.of(sale.reference),
        fault_at,
        lambda: said(operation, deed(bank, as_now(bank, sale), body)),
        lambda code: said(operation, code),
    )


def _is_known(bank: Bank, account: Account) -> bool:
    settings = bank.settings
    given = (account.terminalId, account.userName, account.userPassword)
    password = settings.mellat_password.get_secret_value()
    return given == (settings.mellat_terminal_id, settings.mellat_user_name, password)
