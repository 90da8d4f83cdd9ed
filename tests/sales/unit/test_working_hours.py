"""Whether a desk is open, and when it opens next."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from iran import Override, tehran_time
from sales.dealerships.hours import EVERY_DAY, opening
from sales.dealerships.views import WEEK

WORKDAYS = ("saturday", "sunday", "monday", "tuesday", "wednesday")
MORNING = {"opens": "08:30", "closes": "13:00"}
AFTERNOON = {"opens": "14:00", "closes": "17:00"}
START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = WEEK.validate_python({day: [MORNING, AFTERNOON] for day in WORKDAYS} | {"thursday": [MORNING]})


def tehran(text):
    return datetime.fromisoformat(f"{text}+03:30").astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "open_now", "then"),
    [
        ("2026-11-22T08:29", False, "2026-11-22T08:30"),
        ("2026-11-22T08:30", True, "2026-11-22T13:00"),
        ("2026-11-22T13:00", False, "2026-11-22T14:00"),
        ("2026-11-22T17:00", False, "2026-11-23T08:30"),
        ("2026-11-26T13:00", False, "2026-11-28T08:30"),  # from Thursday noon over Friday
        ("2027-03-20T17:30", False, "2027-03-25T08:30"),  # over Nowruz
    ],
)
def test_the_hours_of_the_week_and_the_holidays_decide(now, open_now, then):
    found = opening(HOURS, EVERY_DAY, tehran(now))
    assert (found.open_now, found.until or found.next_opening) == (open_now, tehran(then))


def test_a_day_can_be_closed_by_decision():
    calendar = EVERY_DAY.with_overrides([Override(date(2026, 11, 22), working=False)])
    found = opening(HOURS, calendar, tehran("2026-11-22T10:00"))
    assert (found.open_now, found.next_opening) == (False, tehran("2026-11-23T08:30"))


def test_unknown_hours_say_nothing():
    assert opening({}, EVERY_DAY, tehran("2026-11-22T10:00")).open_now is None


@given(st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)))
def test_what_is_told_comes_true(now):
    found = opening(HOURS, EVERY_DAY, now)
    if found.open_now:
        assert found.until
        assert not opening(HOURS, EVERY_DAY, found.until).open_now
    else:
        assert found.next_opening
        assert opening(HOURS, EVERY_DAY, found.next_opening).open_now
        assert not opening(HOURS, EVERY_DAY, found.next_opening - timedelta(seconds=1)).open_now
        assert tehran_time(found.next_opening).strftime("%H:%M") in {"08:30", "14:00"}


@pytest.mark.parametrize(
    "week",
    [
        {"saturday": [AFTERNOON, {"opens": "16:00", "closes": "18:00"}]},
        {"saturday": [{"opens": "09:00", "closes": "09:00"}]},
        {"someday": [MORNING]},
    ],
)
def test_impossible_hours_are_refused(week):
    with pytest.raises(ValidationError):
        WEEK.validate_python(week)
