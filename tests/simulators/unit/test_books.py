"""Whatever happens to a payment, in any order, the books keep their rules."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulators.bank.books import BankPayment, Books, IllegalMoveError, State
from simulators.bank.counter import Bank, Outcome, arrive, decide
from simulators.bank.faults import OPERATION_OF, BankFault, BankFaults
from simulators.clock import Clock
from simulators.settings import Settings
from simulators.zarinpal import sessions
from simulators.zarinpal.wire import RequestBody, VerifyBody, ZarinpalError

MERCHANT = "1" * 36
NEVER = datetime.min.replace(tzinfo=UTC)
PAID = {State.PAID, State.VERIFIED, State.REVERSED, State.REFUNDED}


async def no_visit(url: str, form: Mapping[str, str] | None = None) -> None:
    raise AssertionError(url)


class BankLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.bank = Bank(Books(Clock()), BankFaults(), Settings(), no_visit)
        body = RequestBody(
            merchant_id=MERCHANT, amount=50_000, description="x", callback_url="http://shop.test"
        )
        self.payments = [sessions.open_session(self.bank, body) for _ in range(3)]

    def found(self, number: int) -> BankPayment:
        payment = self.bank.books.find(self.payments[number].reference)
        assert payment is not None
        return payment

    @rule(number=st.integers(0, 2), kind=st.sampled_from(sorted(OPERATION_OF)))
    def arm(self, number: int, kind: str) -> None:
        fault = BankFault.model_validate({"kind": kind})
        self.bank.faults.of(self.payments[number].reference).arm([fault])

    @rule(number=st.integers(0, 2), outcome=st.sampled_from(["paid", "cancelled", "failed"]))
    def visit_page(self, number: int, outcome: Outcome) -> None:
        payment = self.found(number)
        arrive(self.bank, payment)
        if payment.state is State.IN_BANK:
            decide(self.bank, payment, outcome)
        else:
            with pytest.raises(IllegalMoveError):
                payment.move(State.FAILED, datetime.now(UTC))

    @rule(number=st.integers(0, 2), amount=st.sampled_from([50_000, 45_000]))
    def verify(self, number: int, amount: int) -> None:
        payment = self.found(number)
        before = payment.state
        paid = before in PAID - {State.REVERSED}
        body = VerifyBody(merchant_id=MERCHANT, authority=payment.reference, amount=amount)
        if paid and amount == payment.paid_amount:
            assert sessions.verify(self.bank, payment, body) == (100 if before is State.PAID else 101)
        else:
            with pytest.raises(ZarinpalError) as refused:
                sessions.verify(self.bank, payment, body)
            assert refused.value.code == (-50 if paid else -51)
            assert payment.state is before

    @rule(number=st.integers(0, 2))
    def reverse(self, number: int) -> None:
        payment = self.found(number)
        late = self.bank.books.clock.now() - payment.times.get(State.PAID, NEVER) > timedelta(minutes=30)
        if payment.state in {State.PAID, State.VERIFIED} and not late:
            sessions.reverse(self.bank, payment)
            assert self.found(number).state is State.REVERSED
        else:
            with pytest.raises(ZarinpalError):
                sessions.reverse(self.bank, payment)

    @rule(number=st.integers(0, 2), amount=st.one_of(st.none(), st.integers(1, 60_000)))
    def refund(self, number: int, amount: int | None) -> None:
        payment = self.found(number)
        before = payment.refunded_amount
        try:
            sent = sessions.refund(self.bank, payment, amount)
        except ZarinpalError:
            sent = 0
        assert payment.refunded_amount == before + sent

    @rule(minutes=st.sampled_from([1, 14, 15, 30, 31]))
    def let_time_pass(self, minutes: int) -> None:
        self.bank.books.clock.advance(minutes * 60)

    @invariant()
    def references_are_of_paid_payments_and_unique(self) -> None:
        payments = self.bank.books.all()
        for payment in payments:
            assert (
                (payment.ref_id is not None) == (payment.state in PAID) == (payment.paid_amount is not None)
            )
        references = [p.ref_id for p in payments if p.ref_id is not None]
        assert len(set(references)) == len(references)

    @invariant()
    def nothing_waits_longer_than_its_window(self) -> None:
        now = self.bank.books.clock.now()
        for payment in self.bank.books.all():
            if payment.state is State.PAID:
                assert now - payment.times[State.PAID] < timedelta(minutes=30, seconds=5)
            if payment.state is State.IN_BANK:
                assert now - payment.opened_at < timedelta(minutes=15, seconds=5)

    @invariant()
    def no_more_goes_back_than_came(self) -> None:
        for payment in self.bank.books.all():
            assert 0 <= payment.refunded_amount <= (payment.paid_amount or 0)


TestBankLife = BankLife.TestCase
TestBankLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
