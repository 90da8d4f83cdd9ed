"""The tables of states, and what the provider's word makes of a payment and its bill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.bills.domain import MOVES as BILL_MOVES
from payment.bills.domain import BillState, IllegalBillMove
from payment.bills.domain import moved as bill_moved
from payment.payments.domain import (
    ASKABLE,
    LIVE,
    MOVES,
    STATE_OF_SESSION,
    IllegalPaymentMove,
    PaymentState,
    moved,
    settlement,
)
from payment.providers.port import Conflict, SessionState, Unanswered, Verified

ASKED = 900_000_000
outcomes = st.one_of(
    st.builds(Verified, st.just("1"), st.one_of(st.just(ASKED), st.integers(1, 2 * ASKED))),
    st.builds(Conflict, st.none() | st.integers(1, 2 * ASKED)),
    st.just(Unanswered("timeout")),
    st.sampled_from(SessionState),
)


def test_the_tables_name_every_state():
    assert set(MOVES) == set(PaymentState)
    assert set(BILL_MOVES) == set(BillState)
    assert set(STATE_OF_SESSION) == set(SessionState)


@given(st.sampled_from(PaymentState), st.sampled_from(PaymentState))
def test_a_payment_moves_as_the_table_says_and_no_other_way(current, to):
    if to in MOVES[current]:
        assert moved(current, to) is to
    else:
        with pytest.raises(IllegalPaymentMove):
            moved(current, to)


@given(st.sampled_from(PaymentState))
def test_a_settled_payment_never_comes_alive_again(state):
    if state not in LIVE:
        assert not MOVES[state] & LIVE


def test_a_cancelled_bill_stays_cancelled():
    for to in BillState:
        with pytest.raises(IllegalBillMove):
            bill_moved(BillState.CANCELLED, to)


@given(outcomes, st.sampled_from(BillState), st.booleans(), st.sampled_from(sorted(ASKABLE)))
def test_whatever_the_provider_says_a_payment_at_the_bank_can_be_settled(outcome, bill, free, current):
    to = settlement(outcome, asked=ASKED, bill=bill, reference_is_free=free).state
    assert to == current or to in MOVES[current]


@given(outcomes, st.sampled_from(BillState), st.booleans())
def test_money_pays_the_bill_only_when_amount_reference_and_bill_are_right(outcome, bill, free):
    settled = settlement(outcome, asked=ASKED, bill=bill, reference_is_free=free)
    right = isinstance(outcome, Verified) and outcome.amount == ASKED and free and bill is BillState.OPEN
    assert settled.counts == right


@given(outcomes, st.sampled_from(BillState), st.booleans())
def test_money_that_came_either_counts_or_goes_back(outcome, bill, free):
    settled = settlement(outcome, asked=ASKED, bill=bill, reference_is_free=free)
    came = isinstance(outcome, Verified | Conflict)
    assert (settled.counts or settled.goes_back is not None) == came
    assert not (settled.counts and settled.goes_back)
    assert bool(settled.received) == (came and outcome.amount is not None)
