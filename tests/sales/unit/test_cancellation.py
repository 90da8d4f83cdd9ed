"""The arithmetic of a cancellation."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sales.cancellations.domain import PLAIN, Conditions, Received, quote

TODAY = date(2026, 11, 22)
payments = st.lists(
    st.builds(
        Received,
        purpose=st.sampled_from(["prepayment", "instalment", "principal", "penalty"]),
        amount=st.integers(1, 10**12),
        day=st.dates(TODAY - timedelta(days=2000), TODAY),
    ),
    max_size=12,
)
conditions = st.builds(
    Conditions,
    profit_rate=st.integers(0, 10_000),
    deduction_rate=st.integers(0, 10_000),
)


@given(payments, conditions)
def test_the_refund_is_what_was_paid_and_gained_less_what_is_kept(received, terms):
    statement = quote(received, terms, TODAY)
    assert statement.paid == sum(one.amount for one in received)
    assert statement.refund == statement.paid + statement.profit - statement.deductions >= 0
    assert statement.profit >= 0
    assert statement.deductions >= 0


@given(payments, conditions)
def test_profit_is_simple_and_daily_within_a_rial_for_each_payment(received, terms):
    exact = sum(
        Fraction(one.amount * terms.profit_rate * (TODAY - one.day).days, 3_650_000)
        for one in received
        if one.purpose != "penalty"
    )
    gained = quote(received, terms, TODAY).profit
    assert exact - max(len(received), 1) < gained <= exact


@given(payments, conditions, st.integers(0, 400))
def test_a_later_cancellation_never_gains_less(received, terms, days):
    assert quote(received, terms, TODAY).profit <= quote(received, terms, TODAY + timedelta(days)).profit


@given(payments)
def test_without_conditions_exactly_what_was_paid_goes_back(received):
    assert quote(received, PLAIN, TODAY).refund == sum(one.amount for one in received)


@given(payments, conditions)
def test_the_order_in_which_payments_are_known_does_not_matter(received, terms):
    assert quote(received, terms, TODAY) == quote(received[::-1], terms, TODAY)


def test_a_statement_that_a_person_can_follow():
    received = [
        Received("prepayment", 900_000_000, date(2026, 1, 1)),
        Received("instalment", 100_000_000, date(2026, 11, 12)),
    ]
    terms = Conditions(profit_rate=1500, deduction_rate=100)
    statement = quote(received, terms, TODAY)
    assert [(line.kind, line.amount, line.days) for line in statement.lines] == [
        ("payment", 900_000_000, None),
        ("payment", 100_000_000, None),
        ("profit", 120_205_479, 325),
        ("profit", 410_958, 10),
        ("deduction", -10_000_000, None),
    ]
    assert statement.refund == 1_110_616_437


def test_a_quote_of_another_version_or_day_has_another_name():
    terms = Conditions(profit_rate=1500)
    received = [Received("prepayment", 900_000_000, date(2026, 1, 1))]
    one = quote(received, terms, TODAY)
    other = quote(received, terms, TODAY + timedelta(days=1))
    names = {one.digest("a", 1), one.digest("a", 2), one.digest("b", 1), other.digest("a", 1)}
    assert len(names) == 4


@given(payments, conditions)
def test_what_was_paid_for_being_late_stays_and_earns_nothing(received, terms):
    statement = quote(received, terms, TODAY)
    late = sum(one.amount for one in received if one.purpose == "penalty")
    assert sum(-line.amount for line in statement.lines if line.kind == "deduction" and line.purpose) == late
    assert not [line for line in statement.lines if line.kind == "profit" and line.purpose == "penalty"]
