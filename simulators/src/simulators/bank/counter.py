"""The bank's counter: the buyer at the pay page, and the way back to the shop."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Depends, Request

from simulators.bank.books import BankPayment, Books, State
from simulators.bank.faults import BankFaults
from simulators.settings import Settings

Outcome = Literal["paid", "cancelled", "failed"]
Visit = Callable[[str], Awaitable[None]]
"""GETs a URL, as a browser would, and forgets the answer."""


@dataclass(frozen=True)
class Bank:
    books: Books
    faults: BankFaults
    settings: Settings
    visit: Visit


def bank_of(request: Request) -> Bank:
    bank: Bank = request.app.state.bank
    return bank


BankDep = Annotated[Bank, Depends(bank_of)]


@dataclass(frozen=True)
class WayBack:
    """Whether the browser is sent to the callback, and how often the bank calls it besides."""

    browser: bool
    copies: int


def arrive(bank: Bank, payment: BankPayment) -> None:
    """The buyer comes to the pay page; a token that is to expire does so now."""
    if payment.state is State.IN_BANK and bank.faults.of(payment.reference).strike("expire_token", "pay"):
        payment.move(State.EXPIRED, bank.books.clock.now())


def decide(bank: Bank, payment: BankPayment, outcome: Outcome) -> WayBack:
    """The buyer pays, cancels or is declined. The payment must be in the bank."""
    payment.outcome = outcome
    if outcome == "paid":
        _take_money(bank, payment)
    else:
        payment.move(State.FAILED, bank.books.clock.now())
    return _way_back(bank, payment)


def _take_money(bank: Bank, payment: BankPayment) -> None:
    faults = bank.faults.of(payment.reference)
    amount = payment.amount
    if other := faults.strike("other_amount", "pay"):
        amount = other.amount or payment.amount * 9 // 10
    window = timedelta(seconds=bank.settings.verify_window_seconds)
    if faults.strike("auto_reverse", "pay"):
        window = timedelta()
    bank.books.pay(payment, amount, window)


def _way_back(bank: Bank, payment: BankPayment) -> WayBack:
    faults = bank.faults.of(payment.reference)
    duplicate = faults.strike("duplicate_callback", "pay")
    way = WayBack(
        browser=faults.strike("lose_callback", "pay") is None,
        copies=duplicate.copies if duplicate else 0,
    )
    payment.callbacks += way.browser + way.copies
    return way
