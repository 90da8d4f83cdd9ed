"""The bank's books: every payment with what happened to it, for tests to compare a ledger with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import count
from time import time

from simulators.clock import Clock


class State(StrEnum):
    IN_BANK = "in_bank"
    PAID = "paid"
    VERIFIED = "verified"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    FAILED = "failed"
    EXPIRED = "expired"


MOVES: dict[State, frozenset[State]] = {
    State.IN_BANK: frozenset({State.PAID, State.FAILED, State.EXPIRED}),
    State.PAID: frozenset({State.VERIFIED, State.REVERSED}),
    State.VERIFIED: frozenset({State.REVERSED, State.REFUNDED}),
    State.REVERSED: frozenset(),
    State.REFUNDED: frozenset({State.REFUNDED}),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
}


class IllegalMoveError(Exception):
    """The books do not allow a payment to go from this state to that one."""


@dataclass(kw_only=True)
class BankPayment:
    """Amounts are Rial. `unit` is how many Rial the merchant's currency has: 1, or 10 for Toman.

    `page` is the path of its pay page; `holder` the national code whose cards alone may pay it. `settled_at`
    is when the merchant asked for the money, at a bank that pays none before.
    """

    provider: str
    reference: str
    merchant: str
    amount: int
    unit: int
    description: str
    callback_url: str
    order_id: str | None
    auto_verify: bool
    opened_at: datetime
    expires_at: datetime
    state: State = State.IN_BANK
    outcome: str | None = None
    paid_amount: int | None = None
    ref_id: int | None = None
    answered_ref_id: int | None = None
    card_pan: str | None = None
    card_hash: str | None = None
    verify_before: datetime | None = None
    verify_within: timedelta | None = None
    page: str = ""
    holder: str | None = None
    settled_at: datetime | None = None
    refunded_amount: int = 0
    callbacks: int = 0
    verifies: int = 0
    times: dict[State, datetime] = field(default_factory=dict)

    def move(self, to: State, at: datetime) -> None:
        if to not in MOVES[self.state]:
            raise IllegalMoveError(f"{self.reference} is {self.state}, it cannot become {to}")
        self.state = to
        self.times[to] = at


class Books:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._payments: dict[str, BankPayment] = {}
        self._ref_ids = count(int(time() * 1000))

    def enter(self, payment: BankPayment) -> None:
        self._payments[payment.reference] = payment

    def find(self, reference: str) -> BankPayment | None:
        """The payment as it is by now."""
        payment = self._payments.get(reference)
        if payment is not None:
            self._let_time_pass(payment)
        return payment

    def of_order(self, provider: str, order_id: str) -> BankPayment | None:
        """The payment that the merchant gave this order's number."""
        found = (p for p in self._payments.values() if (p.provider, p.order_id) == (provider, order_id))
        return next(found, None)

    def with_ref_id(self, provider: str, ref_id: str) -> BankPayment | None:
        """The paid payment of this reference, as it is by now."""
        found = (p for p in self._payments.values() if (p.provider, str(p.ref_id)) == (provider, ref_id))
        payment = next(found, None)
        return payment and self.find(payment.reference)

    def all(self) -> list[BankPayment]:
        """Every payment as it is by now, in the order they were opened."""
        for payment in self._payments.values():
            self._let_time_pass(payment)
        return list(self._payments.values())

    def pay(self, payment: BankPayment, amount: int, verify_within: timedelta) -> None:
        now = self.clock.now()
        payment.move(State.PAID, now)
        payment.paid_amount = amount
        payment.ref_id = next(self._ref_ids)
        pan = f"603799{payment.ref_id % 10**10:010d}"
        payment.card_pan = f"{pan[:6]}******{pan[-4:]}"
        payment.card_hash = sha256(pan.encode()).hexdigest().upper()
        payment.verify_before = now + verify_within
        if payment.auto_verify:
            payment.move(State.VERIFIED, now)

    def refund(self, payment: BankPayment, amount: int) -> None:
        payment.move(State.REFUNDED, self.clock.now())
        payment.refunded_amount += amount

    def another_ref_id(self, payment: BankPayment) -> int | None:
        """The reference of the payment opened last of the others that were paid."""
        others = (p.ref_id for p in reversed(self._payments.values()) if p is not payment)
        return next((ref_id for ref_id in others if ref_id is not None), None)

    def _let_time_pass(self, payment: BankPayment) -> None:
        now = self.clock.now()
        if payment.state is State.IN_BANK and now >= payment.expires_at:
            payment.move(State.EXPIRED, payment.expires_at)
        due = payment.verify_before
        if payment.state is State.PAID and due is not None and now >= due:
            payment.move(State.REVERSED, due)
