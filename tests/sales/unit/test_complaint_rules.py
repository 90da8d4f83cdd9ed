"""The life of a complaint and the days of the law."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import tehran_date
from sales.prose import normalise_lines
from sales.voice.domain import MOVES, ComplaintState, IllegalComplaintMove, Rules, moved

RULES = Rules(answer_days=30, warnings=(10, 20, 27), reopen_days=30, decision_days=20, execution_days=10)
START = datetime(2016, 5, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 70 * 366 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


@given(MOMENTS)
def test_the_last_day_is_the_thirtieth_calendar_day_in_tehran(filed_at):
    due = RULES.due_at(filed_at)
    assert tehran_date(due - timedelta(seconds=1)) == tehran_date(filed_at) + timedelta(days=30)
    assert tehran_date(due) == tehran_date(filed_at) + timedelta(days=31)


@given(MOMENTS)
def test_warnings_come_in_order_before_the_end_and_then_no_more(filed_at):
    given_on, moments = 0, []
    while following := RULES.next_warning(filed_at, given_on):
        given_on, at = following
        moments.append(at)
    days = [tehran_date(at) - tehran_date(filed_at) for at in moments]
    assert [span.days for span in days] == [10, 20, 27]
    assert moments[-1] < RULES.due_at(filed_at)


def test_the_board_has_twenty_days_and_its_decision_ten():
    filed = tehran_date(datetime(2026, 11, 22, tzinfo=UTC))
    assert (RULES.decision_due(filed) - filed).days == 20
    assert (RULES.execution_due(filed) - filed).days == 10


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_no_way_leads_out_of_a_resolution_but_reopening_and_escalation(moves):
    state = ComplaintState.OPEN
    for move in moves:
        try:
            after = moved(state, move)
        except IllegalComplaintMove:
            continue
        assert state != ComplaintState.RESOLVED or move in {"reopen", "to_province"}
        assert after != ComplaintState.AT_BOARD or state in {"at_province", "at_board"}
        state = after


def test_an_illegal_move_is_named():
    with pytest.raises(IllegalComplaintMove) as refused:
        moved(ComplaintState.RESOLVED, "answer")
    assert refused.value.members == {"move": "answer", "state": "resolved"}


@given(st.text())
def test_prose_keeps_its_lines_and_nothing_invisible(text):
    once = normalise_lines(text)
    assert normalise_lines(once) == once
    assert "\n\n\n" not in once
    assert once == once.strip()
