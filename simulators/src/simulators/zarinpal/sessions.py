"""What ZarinPal does with a payment session; every refusal is a `ZarinpalError`."""

from datetime import timedelta
from uuid import uuid4

from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, Provider, tell_reference
from simulators.bank.counter import open_session as bank_session
from simulators.zarinpal.wire import (
    UNITS,
    VERIFIED_BEFORE,
    VERIFIED_NOW,
    RequestBody,
    VerifyBody,
    ZarinpalError,
)

PROVIDER = "zarinpal"
STATUS = {
    State.IN_BANK: "IN_BANK",
    State.PAID: "PAID",
    State.VERIFIED: "VERIFIED",
    State.REFUNDED: "VERIFIED",
    State.REVERSED: "REVERSED",
    State.FAILED: "FAILED",
    State.EXPIRED: "FAILED",
}
FEE_SHARE, FEE_LEAST, FEE_MOST = 200, 3_500, 120_000


def fee_of(amount: int) -> int:
    """Half a per cent between a least and a most, in Rial."""
    return min(max(amount // FEE_SHARE, FEE_LEAST), FEE_MOST)


def check_merchant(bank: Bank, merchant_id: str) -> None:
    registered = bank.settings.zarinpal_merchant_id
    if registered is not None and merchant_id != registered:
        raise ZarinpalError(-10)


def open_session(bank: Bank, body: RequestBody) -> BankPayment:
    unit = UNITS[body.currency]
    reference = "S" + uuid4().hex.rjust(35, "0")
    settings = bank.settings
    provider = Provider(
        PROVIDER,
        "زرین‌پال",
        token_life=timedelta(seconds=settings.token_life_seconds),
        verify_within=timedelta(seconds=settings.verify_window_seconds),
    )
    return bank_session(
        bank,
        provider,
        reference=reference,
        amount=body.amount * unit,
        callback_url=body.callback_url,
        merchant=body.merchant_id,
        unit=unit,
        description=body.description,
        order_id=body.metadata.order_id,
        auto_verify=body.metadata.auto_verify,
        page=f"/pg/StartPay/{reference}",
    )


def session_of(bank: Bank, merchant_id: str, authority: str) -> BankPayment:
    """The merchant's own session: -54 when there is none, -53 when it is another's."""
    check_merchant(bank, merchant_id)
    payment = bank.books.find(authority)
    if payment is None or payment.provider != PROVIDER:
        raise ZarinpalError(-54)
    if payment.merchant != merchant_id:
        raise ZarinpalError(-53)
    return payment


def verify(bank: Bank, payment: BankPayment, body: VerifyBody) -> int:
    """100 for the first verification, 101 for every later one."""
    if payment.state not in {State.PAID, State.VERIFIED, State.REFUNDED}:
        raise ZarinpalError(-51)
    if body.amount * payment.unit != payment.paid_amount:
        raise ZarinpalError(-50)
    tell_reference(bank, payment)
    if payment.state is not State.PAID:
        return VERIFIED_BEFORE
    payment.move(State.VERIFIED, bank.books.clock.now())
    return VERIFIED_NOW


def reverse(bank: Bank, payment: BankPayment) -> None:
    if payment.state not in {State.PAID, State.VERIFIED}:
        raise ZarinpalError(-61)
    window = timedelta(seconds=bank.settings.reverse_window_seconds)
    if bank.books.clock.now() > payment.times[State.PAID] + window:
        raise ZarinpalError(-63)
    payment.move(State.REVERSED, bank.books.clock.now())


def refund(bank: Bank, payment: BankPayment, amount: int | None) -> int:
    """Send `amount` of the payment's currency back, or the rest; gives what was sent, in Rial."""
    if payment.state not in {State.VERIFIED, State.REFUNDED} or payment.paid_amount is None:
        raise ZarinpalError(-61)
    rest = payment.paid_amount - payment.refunded_amount
    rial = rest if amount is None else amount * payment.unit
    if rest == 0:
        raise ZarinpalError(-61)
    if rial > rest:
        raise ZarinpalError(-50)
    bank.books.refund(payment, rial)
    return rial
