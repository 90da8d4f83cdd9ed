"""The arithmetic of schedules and late fees."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.plans.terms import DueInstalment, Instalment, due_on, schedule
from sales.settlement.domain import Cap, FeeLine, Part, fee_lines, fee_of

DUE = date(2026, 3, 1)
MILLION = 1_000_000
days = st.integers(-60, 400).map(lambda count: DUE + timedelta(days=count))
parts = st.lists(st.builds(Part, st.integers(1, 10**10), st.none() | days), max_size=4)
caps = st.lists(st.builds(Cap, days, st.integers(0, 3_000)), max_size=4, unique_by=lambda cap: cap.valid_from)
rates = st.integers(0, 3_600)


def by_the_day(parts, rate, caps, today):
    """The same fee, one day after the other."""
    total = 0
    for part in parts:
        day = DUE
        while day < min(part.paid_on or today, today):
            day += timedelta(days=1)
            held = [cap for cap in caps if cap.valid_from <= day]
            cap = max(held, key=lambda one: one.valid_from).rate if held else rate
            total += part.amount * min(rate, cap)
    return total // 3_650_000 // 1_000 * 1_000


@given(parts, rates, caps, days)
def test_a_fee_is_what_its_days_add_up_to(parts, rate, caps, today):
    assert fee_of(fee_lines(DUE, parts, rate, caps, today)) == by_the_day(parts, rate, caps, today)


@given(parts, rates, caps, days)
def test_a_ceiling_never_makes_a_fee_dearer(parts, rate, caps, today):
    assert fee_of(fee_lines(DUE, parts, rate, caps, today)) <= fee_of(fee_lines(DUE, parts, rate, [], today))


@given(st.integers(1, 10**10), rates, days)
def test_what_comes_in_time_costs_nothing(amount, rate, today):
    in_time = [Part(amount, DUE), Part(amount, DUE - timedelta(days=3))]
    assert fee_lines(DUE, in_time, rate, [], today) == []


def test_a_late_fee_worked_out_by_hand():
    """100 million at 18 % for ten days, then 12 % for five: 493,150.68 + 164,383.56, down to a thousand."""
    lines = fee_lines(
        DUE,
        [Part(100 * MILLION, DUE + timedelta(days=15))],
        1_800,
        [Cap(DUE + timedelta(days=11), 1_200)],
        DUE + timedelta(days=90),
    )
    assert lines == [
        FeeLine(DUE + timedelta(days=1), 10, 100 * MILLION, 1_800),
        FeeLine(DUE + timedelta(days=11), 5, 100 * MILLION, 1_200),
    ]
    assert fee_of(lines) == 657_000


@pytest.mark.parametrize(
    ("instalment", "expected"),
    [
        (DueInstalment(number=1, amount=1, after_days=30), DUE + timedelta(days=30)),
        (DueInstalment(number=1, amount=1, due_date=date(2026, 6, 1)), date(2026, 6, 1)),
        (DueInstalment(number=1, amount=1, due_date=date(2026, 1, 1)), DUE),
    ],
)
def test_an_instalment_is_due_after_the_contract(instalment, expected):
    assert due_on(instalment, DUE) == expected


@given(st.integers(10**6, 10**8), st.integers(0, 9_999), st.integers(1, 40))
def test_open_instalments_and_prepayment_add_up_to_the_price(thousands, paid_share, count):
    price = thousands * 1_000
    prepayment = price * paid_share // 10_000 // 1_000 * 1_000
    rows = schedule(price, prepayment, [Instalment(after_days=30)] * count)
    assert prepayment + sum(row.amount for row in rows) == price
