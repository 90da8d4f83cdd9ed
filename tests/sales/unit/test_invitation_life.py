"""The life and the deadlines of an invitation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import BANK, Override, tehran_date, working_days_between
from sales.invitations.domain import (
    MOVES,
    IllegalInvitationMove,
    InvitationState,
    Periods,
    moved,
    postponed,
)

moments = st.integers(0, 3 * 365 * 24).map(
    lambda hours: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)
states, moves = st.sampled_from(InvitationState), st.sampled_from(sorted({move for _, move in MOVES}))


@given(states, moves)
def test_only_the_listed_moves_are_possible(state, move):
    if (state, move) in MOVES:
        assert moved(state, move) == MOVES[state, move]
    else:
        with pytest.raises(IllegalInvitationMove):
            moved(state, move)


@given(moments, st.integers(1, 15))
def test_the_deadline_is_the_end_of_the_last_working_day(issued_at, days):
    due_at = Periods(days, 6).due_at(issued_at, BANK)
    last = tehran_date(due_at - timedelta(microseconds=1))
    assert BANK.is_working_day(last)
    assert working_days_between(tehran_date(issued_at), last, BANK) == days


@given(moments, st.integers(1, 15), st.integers(0, 20), st.booleans())
def test_a_day_that_is_closed_or_opened_never_brings_a_deadline_forward(issued_at, days, ahead, working):
    periods = Periods(days, 6)
    told = periods.due_at(issued_at, BANK)
    override = Override(tehran_date(issued_at) + timedelta(days=ahead), working)
    assert postponed(told, periods.due_at(issued_at, BANK.with_overrides([override]))) >= told


def test_a_closed_day_within_the_deadline_gives_another_day():
    issued_at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    told = Periods(3, 6).due_at(issued_at, BANK)
    closed = BANK.with_overrides([Override(date(2026, 11, 24), working=False)])
    assert Periods(3, 6).due_at(issued_at, closed) == told + timedelta(days=1)


def test_an_expired_invitation_is_given_up_after_six_jalali_months():
    expired_at = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    assert tehran_date(Periods(7, 6).gives_up_at(expired_at) - timedelta(seconds=1)) == date(2027, 5, 23)
