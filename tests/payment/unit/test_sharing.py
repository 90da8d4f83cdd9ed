"""How a deposit is shared out between its bill and the buyer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.crypto import BlindIndex, new_key
from payment.bills.domain import BillState
from payment.blocked.rows import BlockedRow, quick
from payment.deposits.domain import Standing, shared
from payment.differences.domain import Reason

INDEX = BlindIndex.parse(new_key())
AMOUNTS = st.integers(1, 10**12)


@given(amount=AMOUNTS, outstanding=AMOUNTS, state=st.sampled_from(BillState), in_time=st.booleans())
def test_every_rial_counts_or_goes_back_and_no_bill_takes_more_than_it_asks_for(
    amount, outstanding, state, in_time
):
    share = shared(amount, outstanding, state, in_time=in_time)
    assert share.counts + share.goes_back == amount
    assert share.counts <= (outstanding if state is BillState.OPEN else 0)
    assert (share.reason is None) == (state is BillState.OPEN and amount == outstanding)


@given(outstanding=AMOUNTS, amounts=st.lists(AMOUNTS, max_size=6), in_time=st.booleans())
def test_deposits_for_one_bill_pay_it_up_one_after_the_other_and_the_rest_goes_back(
    outstanding, amounts, in_time
):
    standing = Standing(outstanding, BillState.OPEN)
    shares = [standing.share(amount, in_time=in_time) for amount in amounts]
    counted = sum(share.counts for share in shares)
    assert counted == min(outstanding, sum(amounts))
    assert counted + standing.outstanding == outstanding
    assert (standing.state is BillState.PAID) == (standing.outstanding == 0)
    assert [share.reason for share in shares].count(Reason.TOO_MUCH) <= 1


CODES = st.integers(0, 10**10 - 1).map("{:010}".format)


@given(code=CODES, amount=st.integers(0, 10**15), on=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_what_the_quick_way_takes_is_what_the_model_takes(code, amount, on):
    cells = {"national_code": code, "amount": str(amount), "on": on.isoformat()}
    found = quick(cells, INDEX)
    try:
        wanted = BlockedRow.model_validate(cells).counted(INDEX)
    except ValueError:
        wanted = None
    assert found == wanted


@pytest.mark.parametrize(
    "cells",
    [
        {"national_code": "۰۴۹۹۳۷۰۸۹۹", "amount": "1", "on": "2026-01-01"},
        {"national_code": "0499370899", "amount": "1,000", "on": "2026-01-01"},
        {"national_code": "0499370899", "amount": "1", "on": "2026-01-01", "released": "true"},
        {"national_code": "0499370899", "amount": "1", "released": "true"},
        {"national_code": "0499370899", "amount": "1", "on": "2026-13-01"},
    ],
)
def test_what_is_written_otherwise_is_left_to_the_model(cells):
    assert quick(cells, INDEX) is None
