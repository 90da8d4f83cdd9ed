"""What follows from an attempt, for every verdict and any number of attempts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.messages.domain import (
    PACES,
    STATUS_KEPT,
    TRANSITIONS,
    IllegalMove,
    State,
    after,
    ask_again,
    look_again,
    move,
)
from notify.providers.port import Outcome, Verdict

NOW = datetime(2026, 1, 1, tzinfo=UTC)
lanes = st.sampled_from(sorted(PACES))
attempts = st.integers(1, 10_000)
ages = st.timedeltas(timedelta(), timedelta(days=3))


@given(
    lane=lanes,
    attempts=attempts,
    verdict=st.sampled_from(Verdict),
    life=st.timedeltas(timedelta(milliseconds=1), timedelta(days=3)),
    askable=st.booleans(),
)
def test_a_message_is_sent_ended_or_tried_again_before_it_expires(lane, attempts, verdict, life, askable):
    following = after(
        Outcome(verdict, reason="x"),
        pace=PACES[lane],
        attempts=attempts,
        expires_at=NOW + life,
        askable=askable,
        now=NOW,
    )
    move(State.SENDING, following.state)
    assert (following.state is State.QUEUED) == (following.at is not None)
    assert following.unsettled <= (verdict is Verdict.UNCONFIRMED and following.state is State.QUEUED)
    if following.at is not None:
        assert NOW < following.at < NOW + life
        assert following.at - NOW <= PACES[lane].longest


@given(attempts=attempts, lane=lanes)
def test_only_what_can_be_asked_for_goes_on_when_its_fate_is_unknown(attempts, lane):
    def following(askable):
        return after(
            Outcome(Verdict.UNCONFIRMED),
            pace=PACES[lane],
            attempts=attempts,
            expires_at=NOW + timedelta(days=1),
            askable=askable,
            now=NOW,
        ).state

    assert (following(True), following(False)) == (State.QUEUED, State.UNKNOWN)


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("to", State)
def test_only_the_moves_of_the_table_are_made(current, to):
    if to in TRANSITIONS[current]:
        assert move(current, to) is to
    else:
        with pytest.raises(IllegalMove):
            move(current, to)


@given(age=ages)
def test_a_contact_is_looked_for_within_a_minute(age):
    assert timedelta(seconds=1) <= look_again(NOW - age, NOW) - NOW <= timedelta(minutes=1)


@given(age=ages, first=st.timedeltas(timedelta(seconds=1), timedelta(minutes=10)))
def test_a_delivery_state_is_asked_for_until_the_provider_forgets_it(age, first):
    again = ask_again(NOW - age, first, NOW)
    if again is not None:
        assert NOW < again < NOW - age + STATUS_KEPT
    else:
        assert age * 2 >= STATUS_KEPT
