"""Hours of a week, as they are typed and as the API has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.forms import Form
from portal.pages.desk_dealerships import week
from portal.words import DAYS

CLOCKS = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]:02}:{at[1]:02}")
SPANS = st.lists(st.fixed_dictionaries({"opens": CLOCKS, "closes": CLOCKS}), min_size=1, max_size=4)


@given(st.dictionaries(st.sampled_from(sorted(DAYS)), SPANS))
def test_hours_that_stand_in_the_form_go_out_as_they_came(hours) -> None:
    form = week.fill(Form(), hours)
    assert (week.week_of(form), form.is_wrong) == (hours, False)


def test_hours_are_typed_as_people_write_them() -> None:
    form = Form(typed={"weekly_hours.saturday": "۸-۱۲، ۱۴:۳۰ – 18"})
    spans = [{"opens": "08:00", "closes": "12:00"}, {"opens": "14:30", "closes": "18:00"}]
    assert week.week_of(form) == {"saturday": spans}


@pytest.mark.parametrize("typed", ["صبح", "8", "8-25", "8-12-14", "-", "8:70-9"])
def test_what_is_no_hours_is_said_beside_the_day(typed) -> None:
    form = Form(typed={"weekly_hours.sunday": typed})
    week.week_of(form)
    assert list(form.errors) == ["weekly_hours.sunday"]
