"""How much of a bill the next payment is for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.bills.reminding import Reminding
from payment.payments.domain import AmountNotPayable, Part
from payment.payments.parts import Limit, part_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400
CEILING, SMALLEST = 2_000_000_000, 10_000
LIMIT = Limit(CEILING, SMALLEST)
amounts = st.integers(1, 10**11)


@given(amounts, st.none() | amounts)
def test_a_part_fits_into_the_bill_and_a_card_and_leaves_no_crumb(outstanding, asked):
    try:
        amount, _ = part_of(outstanding, asked, LIMIT)
    except AmountNotPayable:
        return
    assert 0 < amount <= min(outstanding, asked or outstanding, CEILING)
    assert amount == outstanding or min(amount, outstanding - amount) >= SMALLEST


@given(st.integers(1, 10**11))
def test_a_bill_is_paid_up_in_as_few_parts_as_the_ceiling_allows(outstanding):
    left, parts = outstanding, 0
    while left:
        amount, part = part_of(left, None, LIMIT)
        assert (part is Part.WHOLE) == (amount == left)
        left -= amount
        parts += 1
    assert parts <= outstanding // CEILING + 2


@pytest.mark.parametrize(
    ("outstanding", "asked", "expected"),
    [
        (900, None, (900, Part.WHOLE)),
        (900, 500, (500, Part.ASKED)),
        (5_000, None, (2_000, Part.CARD_CEILING)),
        (5_000, 3_000, (2_000, Part.CARD_CEILING)),
        (2_005, None, (1_995, Part.CARD_CEILING)),
    ],
)
def test_what_no_card_can_carry_is_split(outstanding, asked, expected):
    assert part_of(outstanding, asked, Limit(2_000, 10)) == expected


@pytest.mark.parametrize(
    ("used", "outstanding", "expected"),
    [
        (500, 1_500, (1_500, Part.WHOLE)),
        (1_500, 1_500, (500, Part.CARD_CEILING)),
        (2_000, 1_500, (1_500, Part.WHOLE)),
        (3_900, 1_500, (100, Part.CARD_CEILING)),
        (1_995, 1_500, (1_500, Part.WHOLE)),
        (1_985, 19, (19, Part.WHOLE)),
    ],
)
def test_cards_are_filled_one_after_the_other_in_a_day(used, outstanding, expected):
    assert part_of(outstanding, None, Limit(2_000, 10, used)) == expected


@given(amounts, st.none() | amounts, st.integers(0, 10**11))
def test_whatever_was_paid_today_a_part_is_payable_with_one_card(outstanding, asked, used):
    try:
        amount, part = part_of(outstanding, asked, Limit(CEILING, SMALLEST, used))
    except AmountNotPayable:
        return
    assert amount == outstanding or min(amount, outstanding - amount) >= SMALLEST
    assert amount <= CEILING
    assert (part is Part.WHOLE) == (amount == outstanding)


@pytest.mark.parametrize("asked", [0, 9, 895, 901])
def test_a_part_that_is_too_small_too_large_or_leaves_a_crumb_is_refused(asked):
    with pytest.raises(AmountNotPayable):
        part_of(900, asked, Limit(2_000, 10))


@given(st.integers(0, 20 * DAY), st.booleans())
def test_reminders_come_in_time_one_after_the_other(seconds, late):
    due, now, told = NOW + timedelta(seconds=seconds), NOW, []
    reminding = Reminding((3 * DAY, DAY))
    while (moment := reminding.next_after(now, due, payable_late=late)) is not None:
        told.append(moment)
        now = moment
    steps = [3 * DAY, DAY, *([0] if late else [])]
    assert told == [due - timedelta(seconds=step) for step in steps if step < seconds]
