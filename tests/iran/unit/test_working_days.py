from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import (
    BANK,
    OFFICE,
    PUBLIC,
    Holiday,
    Override,
    WorkingCalendar,
    add_working_days,
    holiday_on,
    is_working_day,
    parse_jalali,
    working_days_between,
    working_deadline,
)

days = st.dates(date(2021, 3, 21), date(2030, 3, 20))
counts = st.integers(0, 40)
overrides = st.lists(st.builds(Override, day=days, working=st.booleans()), max_size=30)
calendars = st.builds(
    lambda calendar, rows: calendar.with_overrides(rows), st.sampled_from([PUBLIC, OFFICE]), overrides
)


@given(days, counts, calendars)
def test_adding_working_days_lands_on_a_working_day_not_before_the_start(
    start: date, count: int, calendar: WorkingCalendar
) -> None:
    end = add_working_days(start, count, calendar)
    assert calendar.is_working_day(end)
    assert end >= start + timedelta(days=count)


@given(days, st.integers(1, 40), calendars)
def test_as_many_working_days_lie_between_as_were_added(
    start: date, count: int, calendar: WorkingCalendar
) -> None:
    assert working_days_between(start, add_working_days(start, count, calendar), calendar) == count


@given(days, counts, counts, calendars)
def test_adding_twice_is_adding_the_sum(start: date, one: int, other: int, calendar: WorkingCalendar) -> None:
    there = add_working_days(add_working_days(start, one, calendar), other, calendar)
    first = add_working_days(start, 0, calendar) if one == 0 else start
    assert there == add_working_days(first, one + other, calendar)


@given(days)
def test_fridays_and_holidays_are_off(day: date) -> None:
    assert is_working_day(day) == (day.weekday() != 4 and holiday_on(day) is None)


@given(days, st.booleans())
def test_an_override_has_the_last_word(day: date, working: bool) -> None:
    calendar = OFFICE.with_overrides([Override(day, not working), Override(day, working)])
    assert calendar.is_working_day(day) is working
    assert calendar.with_overrides([Override(day, not working)]).is_working_day(day) is not working


@given(days, overrides)
def test_a_corrected_calendar_can_be_compared_and_hashed(day: date, rows: list[Override]) -> None:
    calendar = PUBLIC.with_overrides(rows)
    assert calendar.with_overrides(rows) == calendar
    assert hash(calendar.with_overrides(rows)) == hash(calendar)
    assert not calendar.closed & calendar.opened


@pytest.mark.parametrize("year", range(1400, 1410))
@pytest.mark.parametrize(
    "day", ["01/01", "01/02", "01/03", "01/04", "01/12", "01/13", "03/14", "03/15", "11/22", "12/29"]
)
def test_the_fixed_holidays_of_the_jalali_year_are_off(year: int, day: str) -> None:
    assert not is_working_day(parse_jalali(f"{year}/{day}"))


def test_the_last_day_of_a_leap_year_is_off() -> None:
    assert not is_working_day(parse_jalali("1403/12/30"))


def test_thursday_is_off_in_offices_only() -> None:
    thursday = date(2026, 11, 19)
    assert [calendar.is_working_day(thursday) for calendar in (PUBLIC, BANK, OFFICE)] == [True, True, False]


def test_nowruz_is_jumped_over() -> None:
    assert add_working_days(parse_jalali("1404/12/26"), 3) == parse_jalali("1405/01/05")


def test_a_weekend_start_counts_from_the_next_working_day() -> None:
    friday = date(2026, 11, 20)
    assert add_working_days(friday, 0) == add_working_days(friday, 1) == date(2026, 11, 21)


def test_a_deadline_is_the_end_of_its_day_in_tehran() -> None:
    sent = datetime(2026, 11, 14, 21, 0, tzinfo=UTC)  # already Sunday the 15th in Tehran
    assert working_deadline(sent, 3) == datetime(2026, 11, 18, 20, 30, tzinfo=UTC)


def test_a_holiday_is_named_and_an_estimate_is_marked() -> None:
    assert holiday_on(date(2027, 2, 11)) == Holiday("پیروزی انقلاب اسلامی", estimated=False)
    estimate = holiday_on(date(2027, 6, 16))
    assert estimate is not None
    assert estimate.estimated
    assert "تخمینی" not in estimate.name


@pytest.mark.parametrize("year", [1979, 2101])
def test_a_year_without_a_table_is_an_error_rather_than_a_year_without_holidays(year: int) -> None:
    with pytest.raises(ValueError, match=str(year)):
        is_working_day(date(year, 5, 7) if date(year, 5, 7).weekday() != 4 else date(year, 5, 8))


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="before"):
        working_days_between(date(2026, 1, 2), date(2026, 1, 1))
