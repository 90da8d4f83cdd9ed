"""How many messages of a lane may leave, and what they may cost."""

from hypothesis import given
from hypothesis import strategies as st

from notify.lanes.domain import Budget, Throttle

turns = st.lists(st.tuples(st.floats(0, 5), st.integers(1, 200)), min_size=1, max_size=40)


@given(turns, st.integers(1, 500))
def test_a_throttle_never_lets_more_through_than_its_rate_and_a_second_of_savings(turns, per_second):
    throttle, at, left = Throttle(), 0.0, 0
    for wait, wanted in turns:
        at += wait
        allowed = throttle.allow(wanted, per_second, at)
        left += allowed
        assert 0 <= allowed <= wanted
        assert left <= per_second * (at - turns[0][0] + 1) + 1


@given(turns)
def test_without_a_rate_everything_leaves(turns):
    throttle = Throttle()
    assert all(throttle.allow(wanted, None, at) == wanted for at, wanted in turns)


def test_what_did_not_leave_may_leave_later():
    throttle = Throttle()
    assert throttle.allow(10, 10, 0.0) == 10
    throttle.give_back(4)
    assert throttle.allow(10, 10, 0.0) == 4


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10_000), st.integers(0, 10_000))
def test_what_a_budget_has_left_never_costs_more_than_it(daily, spent, price, most):
    left = Budget(daily, spent, price).parts_left(most)
    assert 0 <= left <= most
    assert left == 0 or spent + left * price <= daily


def test_no_budget_is_no_limit():
    assert Budget(None, 10**12, 1_500).parts_left(70) == 70
    assert Budget(None, 10**12, 1_500).used == 0
