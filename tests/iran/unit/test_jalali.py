from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from iran import (
    Invalid,
    add_jalali_months,
    end_of_day,
    jalali_long,
    jalali_moment,
    jalali_numeric,
    jalali_text,
    jalali_year,
    parse_jalali,
    start_of_day,
    tehran_date,
    to_ascii_digits,
)

days = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@given(days)
def test_a_day_survives_the_way_to_people_and_back(day: date) -> None:
    assert parse_jalali(jalali_numeric(day)) == day
    assert parse_jalali(to_ascii_digits(jalali_numeric(day)).replace("/", "-")) == day


@given(days)
def test_the_next_day_is_later_on_the_jalali_calendar_too(day: date) -> None:
    assert jalali_numeric(day) < jalali_numeric(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("jalali", "day"),
    [
        ("1404/01/01", date(2025, 3, 21)),
        ("1403/12/30", date(2025, 3, 20)),
        ("۱۴۰۴/۵/۱۲", date(2025, 8, 3)),
        ("1357-11-22", date(1979, 2, 11)),
        ("1408.12.30", date(2030, 3, 20)),
    ],
)
def test_known_days(jalali: str, day: date) -> None:
    assert parse_jalali(jalali) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1404/12/30",
        "1404/13/01",
        "1404/00/10",
        "1404/7/31",
        "0000/01/01",
        "04/05/12",
        "1404/05/12x",
        "فردا",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_jalali(text)
    assert caught.value.code == "jalali_date"


def test_dates_for_people() -> None:
    day = date(2025, 8, 3)
    assert jalali_numeric(day) == "۱۴۰۴/۰۵/۱۲"
    assert jalali_text(day) == "۱۲ مرداد ۱۴۰۴"
    assert jalali_long(day) == "یکشنبه ۱۲ مرداد ۱۴۰۴"
    assert jalali_year(day) == 1404


def test_a_moment_for_people_is_on_tehrans_clock() -> None:
    assert jalali_moment(datetime(2025, 8, 3, 11, 0, tzinfo=UTC)) == "۱۴۰۴/۰۵/۱۲ ساعت ۱۴:۳۰"


def test_the_day_changes_at_midnight_in_tehran() -> None:
    before, after = datetime(2026, 1, 1, 20, 29, tzinfo=UTC), datetime(2026, 1, 1, 20, 30, tzinfo=UTC)
    assert (tehran_date(before), tehran_date(after)) == (date(2026, 1, 1), date(2026, 1, 2))


@given(days)
def test_a_day_begins_and_ends_in_it(day: date) -> None:
    assert tehran_date(start_of_day(day)) == day
    assert tehran_date(end_of_day(day) - timedelta(microseconds=1)) == day
    assert end_of_day(day) == start_of_day(day + timedelta(days=1))


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        tehran_date(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_are_added_by_the_jalali_calendar(day: date, months: int) -> None:
    later = add_jalali_months(day, months)
    start, end = JalaliDate(day), JalaliDate(later)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, JalaliDate.days_in_month(end.month, end.year))
