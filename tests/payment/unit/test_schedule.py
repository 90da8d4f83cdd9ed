"""When to try again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from payment.schedule import next_time

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
STEPS = (60, 180, 360, 720)


def test_each_step_is_used_once_and_then_the_regular_interval():
    asked, now = [], SINCE
    for _ in range(6):
        now = next_time(STEPS, 3600, SINCE, now)
        asked.append((now - SINCE).total_seconds())
    assert asked == [60, 180, 360, 720, 720 + 3600, 720 + 7200]


@given(st.floats(0, 10_000))
def test_the_next_time_is_always_to_come(seconds):
    now = SINCE + timedelta(seconds=seconds)
    assert next_time(STEPS, 3600, SINCE, now) > now
