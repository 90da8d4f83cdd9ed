"""A bill, its payments and its money through any life: hypothesis looks for one where they disagree."""

from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from payment.bills.domain import BillState, Purpose
from payment.bills.tables import Bill
from payment.payments.domain import LIVE, PaymentState, settlement
from payment.payments.tables import Payment
from payment.providers.port import Conflict, SessionState, Unanswered, Verified
from payment.returns.domain import STATE_AFTER

AMOUNT = 1_000
NOW = datetime(2025, 1, 1, tzinfo=UTC)
words: st.SearchStrategy = st.sampled_from(
    [
        Verified("1", AMOUNT),
        Verified("2", AMOUNT - 1),
        Conflict(),
        Conflict(AMOUNT + 1),
        Unanswered("timeout"),
        *SessionState,
    ]
)


class BillLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.bill = Bill(
            id=uuid4(), amount=AMOUNT, paid=0, state=BillState.OPEN, purpose=Purpose.PREPAYMENT, version=1
        )
        self.payments = []
        self.owed = []
        self.at_provider = 0

    @property
    def live(self):
        return [payment for payment in self.payments if payment.state in LIVE]

    @precondition(lambda self: not self.live and self.bill.state is BillState.OPEN)
    @rule(opens=st.booleans(), share=st.integers(1, AMOUNT))
    def start(self, opens, share):
        part = min(share, self.bill.outstanding)
        payment = Payment(id=uuid4(), amount=part, state=PaymentState.STARTED, version=1)
        payment.move(PaymentState.AT_BANK if opens else PaymentState.FAILED, NOW)
        self.payments.append(payment)

    @precondition(lambda self: self.live)
    @rule(word=words | st.just("all"), free=st.booleans())
    def the_provider_says(self, word, free):
        [payment] = self.live
        outcome = Verified("1", payment.amount) if word == "all" else word
        settled = settlement(outcome, asked=payment.amount, bill=self.bill.state, reference_is_free=free)
        if settled.state is not payment.state:
            payment.move(settled.state, NOW)
        payment.received = settled.received
        self.at_provider += settled.received
        if settled.counts:
            self.bill.receive(settled.received)
        if settled.goes_back:
            self.owed.append(payment)

    @rule(reason=st.sampled_from(["order_lapsed", "order_cancelled"]))
    def nobody_owes_the_bill_any_more(self, reason):
        held = [p for p in self.payments if p.state is PaymentState.VERIFIED and p not in self.owed]
        if self.bill.state is not BillState.CANCELLED:
            self.bill.void(reason)
            self.owed += held

    @precondition(lambda self: self.owed)
    @rule(method=st.sampled_from([*STATE_AFTER]))
    def the_money_goes_back(self, method):
        payment = self.owed.pop()
        payment.move(STATE_AFTER[method], NOW)
        self.at_provider -= payment.received

    @invariant()
    def one_payment_is_live_at_most(self):
        assert len(self.live) <= 1

    @invariant()
    def every_rial_at_the_provider_is_on_the_bill_or_owed_back(self):
        assert self.at_provider == self.bill.paid + sum(payment.received for payment in self.owed)

    @invariant()
    def a_bill_is_paid_exactly_when_it_holds_its_amount(self):
        assert (self.bill.state is BillState.PAID) == (self.bill.paid == AMOUNT)


TestBillLife = BillLife.TestCase
