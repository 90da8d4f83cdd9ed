"""Behpardakht's SOAP messages, read and written by hand: two elements deep, no attributes, no entities."""

from typing import Annotated
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring
from fastapi import Response
from pydantic import BaseModel, BeforeValidator

from simulators.bank.books import BankPayment

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
INTERFACE = "http://interfaces.core.sw.bps.com/"

PAID, CANCELLED, DECLINED = 0, 17, 51
SUCCESS, BAD_MERCHANT, WRONG_INPUT, WRONG_AMOUNT = 0, 21, 24, 25
DUPLICATE_ORDER, NO_SALE, VERIFIED, NOT_VERIFIED, SETTLED, NOT_SETTLED = 41, 42, 43, 44, 45, 46
NOTHING_TO_SETTLE, REVERSED = 47, 48
ENDINGS = {"paid": PAID, "cancelled": CANCELLED, "failed": DECLINED}


class NotSoap(Exception):
    """The body is no envelope with one call in it."""


def read_call(body: bytes) -> tuple[str, dict[str, str]]:
    """The operation's name and its arguments."""
    try:
        envelope = fromstring(body)
    except (ParseError, ValueError) as error:
        raise NotSoap from error
    call = envelope.find(f"{{{SOAP}}}Body/*")
    if call is None or not call.tag.startswith(f"{{{INTERFACE}}}"):
        raise NotSoap
    return _local(call), {_local(argument): argument.text or "" for argument in call}


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def said(operation: str, answer: object) -> Response:
    body = (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><ns1:{operation}Response xmlns:ns1="{INTERFACE}">'
        f"<return>{escape(str(answer))}</return></ns1:{operation}Response></soap:Body></soap:Envelope>"
    )
    return Response(body, media_type="text/xml")


def fault(words: str) -> Response:
    body = (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode>'
        f"<faultstring>{escape(words)}</faultstring></soap:Fault></soap:Body></soap:Envelope>"
    )
    return Response(body, 500, media_type="text/xml")


Digits = Annotated[int, BeforeValidator(lambda text: int(text) if str(text).isdecimal() else text)]


class Account(BaseModel):
    terminalId: Digits  # noqa: N815 - the bank's own name
    userName: str  # noqa: N815 - the bank's own name
    userPassword: str  # noqa: N815 - the bank's own name
    orderId: Digits  # noqa: N815 - the bank's own name


class PayCall(Account):
    amount: Digits
    localDate: str  # noqa: N815 - the bank's own name
    localTime: str  # noqa: N815 - the bank's own name
    additionalData: str = ""  # noqa: N815 - the bank's own name
    callBackUrl: str  # noqa: N815 - the bank's own name
    payerId: str = "0"  # noqa: N815 - the bank's own name


class SaleCall(Account):
    saleOrderId: Digits  # noqa: N815 - the bank's own name
    saleReferenceId: Digits  # noqa: N815 - the bank's own name
    refundAmount: Digits | None = None  # noqa: N815 - the bank's own name


def callback_of(payment: BankPayment) -> dict[str, str]:
    """What the browser posts back; who did not pay has no reference of a sale."""
    fields: dict[str, object] = {
        "RefId": payment.reference,
        "ResCode": ENDINGS[payment.outcome or "failed"],
        "SaleOrderId": payment.order_id,
    }
    if payment.ref_id is not None:
        fields |= {
            "SaleReferenceId": payment.ref_id,
            "CardHolderPan": payment.card_pan,
            "CreditCardSaleResponseDetail": "",
            "FinalAmount": payment.paid_amount,
        }
    return {name: str(value) for name, value in fields.items()}
