"""What a late delivery costs the maker. The golden amounts were worked out by hand, as they are written."""

from datetime import date, timedelta
from importlib import import_module
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.penalties.domain import DAY, Paid, Rate, statement, total_of
from sales.penalties.views import PenaltyLine, ReckonedLine
from sales.plans.domain import PlanKind
from sales.plans.freezing import PENALTY_OF_KIND
from sales.plans.terms import PenaltyKind

WRITTEN = import_module("sales.migrations.0009_deliveries").RATES
LAW = {
    kind: [Rate(day, monthly, deposit, 30) for name, day, monthly, deposit, _ in WRITTEN if name == kind]
    for kind in get_args(PenaltyKind)
}
DUE = date(2026, 1, 31)
LONG_BEFORE = date(2025, 1, 1)
NEW_LAW = date(2026, 3, 1)
"""A change in the middle of the delay: 300 basis points a month from then on, no deposit."""

GOLDEN = {
    # 30 days of February and March 1: 1,000,000,000 x 2.5 % x 30/30
    "immediate": 25_000_000,
    # 1,000,000,000 x 3 %
    "custom_limited": 30_000_000,
    # 1,000,000,000 x (20.5 % / 12 + 1 %) = 1,000,000,000 x 32.5 % / 12
    "definite_pre_sale": 27_083_333,
    "ordinary_pre_sale": 27_083_333,
    # 1,000,000,000 x (22.5 % / 12 + 1 %) = 1,000,000,000 x 34.5 % / 12
    "participation": 28_750_000,
}
SPLIT = {
    # February has 28 days at the old rate, then 2 days at 3 %, which are 1,000,000,000 x 3 % x 2/30
    "immediate": [23_333_333, 2_000_000],
    "custom_limited": [28_000_000, 2_000_000],
    # 1,000,000,000 x 32.5 % / 12 x 28/30 = 25,277,777.78, and 2 days: 27,277,777.78 in all
    "definite_pre_sale": [25_277_777, 2_000_000],
    "ordinary_pre_sale": [25_277_777, 2_000_000],
    # 1,000,000,000 x 34.5 % / 12 x 28/30 = 26,833,333.33
    "participation": [26_833_333, 2_000_000],
}


@pytest.mark.parametrize("kind", sorted(GOLDEN))
def test_thirty_days_of_delay_cost_what_the_bylaw_says_for_the_kind_of_sale(kind):
    lines = statement(DUE, date(2026, 3, 2), [Paid(LONG_BEFORE, 1_000_000_000)], LAW[kind])
    assert [line.days for line in lines] == [30]
    assert total_of(lines) == GOLDEN[kind]


@pytest.mark.parametrize("kind", sorted(SPLIT))
def test_a_rate_that_changes_in_the_middle_of_a_delay_divides_it(kind):
    rates = [*LAW[kind], Rate(NEW_LAW, 300, 0, 30)]
    lines = statement(DUE, date(2026, 3, 2), [Paid(LONG_BEFORE, 1_000_000_000)], rates)
    assert [(line.since, line.until) for line in lines] == [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (NEW_LAW, date(2026, 3, 2)),
    ]
    assert [line.amount for line in lines] == SPLIT[kind]


def test_every_kind_of_plan_and_of_penalty_has_a_rate():
    assert LAW.keys() == GOLDEN.keys() == SPLIT.keys()
    assert all(LAW.values())
    assert set(PENALTY_OF_KIND) == set(get_args(PlanKind))
    assert set(PENALTY_OF_KIND.values()) <= LAW.keys()


def test_money_counts_from_the_day_after_it_was_paid():
    paid = [Paid(LONG_BEFORE, 300_000_000), Paid(date(2026, 2, 10), 600_000_000)]
    first, second = statement(DUE, date(2026, 2, 20), paid, LAW["immediate"])
    assert (first.until, first.days, first.base) == (date(2026, 2, 10), 10, 300_000_000)
    assert (second.since, second.days, second.base) == (date(2026, 2, 11), 10, 900_000_000)
    # 300,000,000 x 2.5 % x 10/30 and 900,000,000 x 2.5 % x 10/30
    assert (first.amount, second.amount) == (2_500_000, 7_500_000)


@pytest.mark.parametrize("late", [-3, 0])
def test_who_gets_the_car_in_time_is_owed_nothing(late):
    paid = [Paid(LONG_BEFORE, 10**9)]
    assert statement(DUE, DUE + timedelta(days=late), paid, LAW["immediate"]) == ()


def test_the_day_of_delivery_is_a_day_of_delay():
    [line] = statement(DUE, DUE + DAY, [Paid(LONG_BEFORE, 1_200_000_000)], LAW["immediate"])
    assert (line.days, line.amount) == (1, 1_000_000)


@pytest.mark.parametrize(
    ("language", "arithmetic"),
    [
        ("fa", "۱٬۰۰۰٬۰۰۰٬۰۰۰ ریال × (۲۲٫۵٪ ÷ ۱۲ + ۱٪) × ۳۰ ÷ ۳۰ = ۲۸٬۷۵۰٬۰۰۰ ریال"),
        ("en", "1,000,000,000 Rial × (22.5% ÷ 12 + 1%) × 30 ÷ 30 = 28,750,000 Rial"),
    ],
)
def test_a_line_says_its_arithmetic(language, arithmetic):
    [line] = statement(DUE, date(2026, 3, 2), [Paid(LONG_BEFORE, 10**9)], LAW["participation"])
    assert PenaltyLine.told(ReckonedLine.of(line), language).arithmetic == arithmetic


days = st.dates(date(2026, 1, 1), date(2026, 5, 1))
payments = st.lists(st.builds(Paid, days, st.integers(1, 10**11)), max_size=4)
rates = st.lists(
    st.builds(Rate, days, st.integers(0, 400), st.integers(0, 3000), st.sampled_from([28, 30, 31])),
    min_size=1,
    max_size=4,
    unique_by=lambda rate: rate.valid_from,
)


@given(days, days, payments, rates)
def test_the_lines_follow_each_other_and_cover_no_day_twice(due, until, paid, rates):
    lines = statement(due, until, paid, rates)
    assert all(due < line.since <= line.until <= until for line in lines)
    assert all(one.until < other.since for one, other in pairwise(lines))
    assert all(line.days == (line.until - line.since).days + 1 and line.amount >= 0 for line in lines)


@given(days, days, days, payments, rates)
def test_a_division_of_a_period_by_a_rate_that_changes_nothing_changes_nothing(
    due, until, change, paid, rates
):
    before = [rate for rate in rates if rate.valid_from <= change]
    same = max(before, key=lambda rate: rate.valid_from, default=None)
    if same is None or same.valid_from == change:
        return
    divided = [*rates, Rate(change, same.monthly, same.yearly_deposit, same.divisor)]
    whole = statement(due, until, paid, rates)
    parts = statement(due, until, paid, divided)
    assert total_of(parts) == total_of(whole)
    assert sum(line.days for line in parts) == sum(line.days for line in whole)


@given(days, days, days, payments, rates)
def test_what_is_owed_never_gets_less_by_waiting_longer(due, one, other, paid, rates):
    earlier, later = sorted([one, other])
    assert total_of(statement(due, earlier, paid, rates)) <= total_of(statement(due, later, paid, rates))


@given(days, days, payments, rates)
def test_the_total_is_what_the_days_come_to_one_by_one(due, until, paid, rates):
    exact = 0
    for number in range(max((until - due).days, 0)):
        day = due + DAY * (number + 1)
        known = [rate for rate in rates if rate.valid_from <= day]
        if known:
            base = sum(one.amount for one in paid if one.day < day)
            exact += base * max(known, key=lambda rate: rate.valid_from).daily
    assert total_of(statement(due, until, paid, rates)) == int(exact)
