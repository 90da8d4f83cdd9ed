"""What a provider's word and ours come to."""

from hypothesis import given
from hypothesis import strategies as st

from payment.differences.domain import WORDS, Reason
from payment.payments.domain import LIVE, PaymentState
from payment.providers.port import NotPaid, SessionState, Unanswered
from payment.reconciliation.domain import compared, reported

HOLDS = {PaymentState.VERIFIED}
"""With us the money is there and stays."""


@given(ours=st.sampled_from(PaymentState), theirs=st.sampled_from([*SessionState, NotPaid()]))
def test_money_is_on_both_sides_or_on_none_or_somebody_looks(ours, theirs):
    here, there = ours in HOLDS, theirs is SessionState.VERIFIED
    agreed = compared(ours, theirs) is None
    if agreed and ours is not PaymentState.REFUNDED and ours is not PaymentState.CONFLICTED:
        assert here == there
    if ours in LIVE:
        assert compared(ours, theirs) is Reason.UNDECIDED_HERE


@given(ours=st.sampled_from(PaymentState))
def test_silence_is_no_agreement(ours):
    assert compared(ours, Unanswered("timeout")) is Reason.NO_ANSWER


@given(ours=st.sampled_from(PaymentState), returned=st.booleans())
def test_a_line_of_a_report_agrees_with_one_standing_only(ours, returned):
    gone = {PaymentState.REVERSED, PaymentState.REFUNDED, PaymentState.FAILED}
    held = {PaymentState.VERIFIED, PaymentState.CONFLICTED}
    assert (reported(ours, returned=returned) is None) == (ours in (gone if returned else held))


def test_every_reason_has_words():
    assert set(WORDS) == set(Reason)
