"""The bank's counter: a session is opened, the buyer comes to its pay page, and goes back to the shop."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, Protocol
from uuid import uuid4

from fastapi import Depends, Request

from simulators.bank.books import BankPayment, Books, State
from simulators.bank.faults import BankFaults
from simulators.settings import Settings

Outcome = Literal["paid", "cancelled", "failed"]


class Visit(Protocol):
    """GETs a URL, or posts a form to it, as a browser would, and forgets the answer."""

    def __call__(self, url: str, form: Mapping[str, str] | None = None) -> Awaitable[None]: ...


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
class Provider:
    """A bank's name, in its own document's words its name for people, and its periods."""

    name: str
    title: str
    token_life: timedelta
    verify_within: timedelta


def open_session(
    bank: Bank, provider: Provider, *, reference: str, amount: int, callback_url: str, **details: Any
) -> BankPayment:
    """A payment of `amount` Rial in the books, which its buyer has not come to pay yet."""
    now = bank.books.clock.now()
    facts: dict[str, Any] = {"unit": 1, "description": "", "order_id": None, "auto_verify": False} | details
    payment = BankPayment(
        provider=provider.name,
        reference=reference,
        amount=amount,
        callback_url=callback_url,
        opened_at=now,
        expires_at=now + provider.token_life,
        verify_within=provider.verify_within,
        **facts,
    )
    bank.books.enter(payment)
    return payment


def tell_reference(bank: Bank, payment: BankPayment) -> int | None:
    """The reference that a verification answers with: its own, unless a fault mixes it up."""
    payment.answered_ref_id = payment.ref_id
    if bank.faults.of(payment.reference).strike("reuse_reference", "verify"):
        payment.answered_ref_id = bank.books.another_ref_id(payment) or payment.ref_id
    return payment.answered_ref_id


def as_now(bank: Bank, payment: BankPayment) -> BankPayment:
    """The payment after the time a slow answer took."""
    return bank.books.find(payment.reference) or payment


def new_token() -> str:
    """A name of a session, as long as most banks make theirs."""
    return uuid4().hex


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
    window = payment.verify_within or timedelta(seconds=bank.settings.verify_window_seconds)
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
