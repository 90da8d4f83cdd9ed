"""What Behpardakht does with a sale; each gives the code that is answered."""

from datetime import timedelta

from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank
from simulators.mellat import wire
from simulators.mellat.wire import SaleCall

REVERSE_WITHIN = timedelta(hours=3)


def verify(bank: Bank, sale: BankPayment, call: SaleCall) -> int:
    if sale.state in {State.REVERSED, State.REFUNDED}:
        return wire.REVERSED
    if sale.state is State.VERIFIED:
        return wire.VERIFIED
    sale.move(State.VERIFIED, bank.books.clock.now())
    sale.answered_ref_id = sale.ref_id
    return wire.SUCCESS


def settle(bank: Bank, sale: BankPayment, call: SaleCall) -> int:
    """Without it the merchant gets no money."""
    if sale.state is State.REVERSED:
        return wire.REVERSED
    if sale.state is not State.VERIFIED:
        return wire.NOTHING_TO_SETTLE
    if sale.settled_at is not None:
        return wire.SETTLED
    sale.settled_at = bank.books.clock.now()
    return wire.SUCCESS


def inquire(bank: Bank, sale: BankPayment, call: SaleCall) -> int:
    if sale.state is State.PAID:
        return wire.NOT_VERIFIED
    return wire.REVERSED if sale.state is State.REVERSED else wire.SUCCESS


def reverse(bank: Bank, sale: BankPayment, call: SaleCall) -> int:
    """Only before the sale is settled."""
    if sale.state is State.REVERSED:
        return wire.REVERSED
    if sale.settled_at is not None:
        return wire.SETTLED
    if sale.state is not State.VERIFIED:
        return wire.NOT_VERIFIED
    if bank.books.clock.now() > sale.times[State.VERIFIED] + REVERSE_WITHIN:
        return wire.WRONG_INPUT
    sale.move(State.REVERSED, bank.books.clock.now())
    return wire.SUCCESS


def refund(bank: Bank, sale: BankPayment, call: SaleCall) -> int:
    """Only after the sale is settled; in parts, never more than was paid."""
    if sale.settled_at is None or sale.paid_amount is None:
        return wire.NOT_SETTLED
    rest = sale.paid_amount - sale.refunded_amount
    if rest == 0:
        return wire.REVERSED
    if not call.refundAmount or call.refundAmount > rest:
        return wire.WRONG_AMOUNT
    bank.books.refund(sale, call.refundAmount)
    return wire.SUCCESS
