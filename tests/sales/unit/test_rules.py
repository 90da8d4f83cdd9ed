"""The rules of eligibility, of states and of numbers."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import to_persian_digits
from sales.eligibility.circular import age
from sales.eligibility.domain import Applicant, Terms, judge, refusal
from sales.orders.domain import MOVES, IllegalOrderMove, OrderState, moved
from sales.orders.numbers import NumberKind, new_number, parse_number
from sales.plans.domain import Stage, state_at

TERMS = Terms(date(2026, 11, 22), 18, frozenset({"تهران"}))


@given(st.dates(date(1920, 1, 1), date(2026, 11, 22)))
def test_age_grows_by_one_on_each_birthday(born):
    today = date(2026, 11, 22)
    years = age(born, today)
    assert years >= 0
    assert (born.year + years, born.month, born.day) <= (today.year, today.month, today.day)
    assert (born.year + years + 1, born.month, born.day) > (today.year, today.month, today.day)


def test_who_satisfies_every_rule_is_eligible():
    applicant = Applicant(uuid4(), True, date(2000, 1, 1), "تهران", True)
    assert all(verdict.passed for verdict in judge(applicant, TERMS))
    assert refusal(applicant, TERMS) is None


@given(
    born=st.dates(date(1990, 1, 1), date(2020, 1, 1)),
    province=st.sampled_from(["تهران", "فارس"]),
    verified=st.booleans(),
    ordered=st.booleans(),
)
def test_the_refusal_is_the_first_failed_rule(born, province, verified, ordered):
    applicant = Applicant(uuid4(), True, born, province, verified, ordered)
    failed = [verdict.rule for verdict in judge(applicant, TERMS) if not verdict.passed]
    refused = refusal(applicant, TERMS)
    assert (refused.members["rule"] if refused else None) == (failed[0] if failed else None)


@given(st.sampled_from(sorted(OrderState)), st.sampled_from(sorted({name for _, name in MOVES})))
def test_only_the_listed_moves_are_possible(state, move):
    if (state, move) in MOVES:
        assert moved(state, move) == MOVES[state, move]
    else:
        with pytest.raises(IllegalOrderMove):
            moved(state, move)


@given(st.sampled_from(NumberKind))
def test_a_number_is_read_back_in_any_digits_and_spacing(kind):
    number = new_number(kind)
    spaced = f"{number[:4]} {number[4:8]}-{number[8:]}"
    assert parse_number(to_persian_digits(spaced)) == number


@given(st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(position, shift):
    number = new_number(NumberKind.REQUEST)
    wrong = str((int(number[position]) + shift) % 10)
    assert parse_number(number[:position] + wrong + number[position + 1 :]) is None


@given(st.integers(-3, 3))
def test_a_published_plan_is_open_from_its_opening_until_its_closing(hours):
    opens = datetime(2026, 11, 22, tzinfo=UTC)
    closes = opens + timedelta(hours=2)
    now = opens + timedelta(hours=hours)
    expected = "published" if hours < 0 else "open" if hours < 2 else "closed"
    assert state_at(Stage.PUBLISHED, opens, closes, now) == expected
