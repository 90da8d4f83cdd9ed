"""Days and moments from people: whatever is let in can be shown and counted on from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chassis.days import Day, FileDay, Moment
from iran import add_jalali_months, end_of_day, jalali_long, jalali_moment, start_of_day

DAY, FILE_DAY, MOMENT = TypeAdapter(Day), TypeAdapter(FileDay), TypeAdapter(Moment)
YEARS = range(1900, 2200)


@given(st.dates())
def test_a_day_that_is_let_in_has_a_name_and_days_around_it(day):
    if day.year in YEARS:
        found = DAY.validate_python(day.isoformat())
        assert jalali_long(found)
        assert start_of_day(found) < end_of_day(add_jalali_months(found, 1200))
    else:
        with pytest.raises(ValidationError, match="too far"):
            DAY.validate_python(day.isoformat())


@given(st.datetimes(timezones=st.just(UTC)))
def test_so_does_a_moment(moment):
    if moment.year in YEARS:
        assert jalali_moment(MOMENT.validate_python(moment.isoformat()) + timedelta(days=36500))
    else:
        with pytest.raises(ValidationError, match="too far"):
            MOMENT.validate_python(moment.isoformat())


@pytest.mark.parametrize("text", ["۱۴۰۵/۹/۲", "1405-09-02", "2026-11-23", "۲۰۲۶-۱۱-۲۳"])
def test_files_write_days_in_either_calendar(text):
    assert FILE_DAY.validate_python(text) == date(2026, 11, 23)


def test_a_moment_needs_a_time_zone():
    with pytest.raises(ValidationError):
        MOMENT.validate_python(datetime(2026, 1, 1))  # noqa: DTZ001 that is the fault
