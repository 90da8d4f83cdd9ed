"""The life of a run, quiet hours, and the marks of recipients."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import Mobile, tehran_time
from notify.runs.domain import LIVE, MOVES, IllegalRunMove, QuietHours, RunState, moved
from notify.runs.recipients import entrant_mark, mark_of

times = st.times()
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(st.sampled_from(list(RunState)), st.sampled_from(sorted(MOVES)))
def test_a_run_moves_only_as_the_table_says(state, move):
    sources, target = MOVES[move]
    if state in sources:
        assert moved(state, move) is target
    else:
        with pytest.raises(IllegalRunMove):
            moved(state, move)


def test_what_is_over_stays_over():
    assert all(sources <= LIVE for sources, _ in MOVES.values())


@given(times, times, moments)
def test_every_moment_is_quiet_or_in_the_hours_between(begins, ends, now):
    assert (
        QuietHours(begins, ends).include(now) is not QuietHours(ends, begins).include(now) or begins == ends
    )


@given(times, moments)
def test_the_same_hour_twice_is_never_quiet(hour, now):
    assert not QuietHours(hour, hour).include(now)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_quiet_hours_are_tehrans_and_cross_midnight(clock, quiet):
    midnight = tehran_time(datetime(2026, 11, 22, tzinfo=UTC)).replace(hour=0, minute=0)
    hours, minutes = map(int, clock.split(":"))
    now = midnight + timedelta(hours=hours, minutes=minutes)
    assert QuietHours(time(22), time(8)).include(now.astimezone(UTC)) is quiet


def test_a_mark_is_the_same_for_a_mobile_in_a_run_and_another_in_the_next():
    mobile, salt = Mobile("09123456789"), b"s" * 32
    assert mark_of(salt, mobile) == mark_of(salt, Mobile("+98 912 345 6789"))
    assert mark_of(salt, mobile) != mark_of(b"t" * 32, mobile)
    assert mark_of(salt, mobile) != mark_of(salt, Mobile("09123456780"))


def test_an_entrant_has_one_mark_per_draw():
    plan, order = uuid4(), uuid4()
    assert entrant_mark(plan, order) == entrant_mark(plan, order)
    assert entrant_mark(plan, order) != entrant_mark(uuid4(), order)
