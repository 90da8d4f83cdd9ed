"""The pair that pays a bill at any bank."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import BillPair, Invalid
from payment.bills.numbering import Biller, pair_of

NOW = datetime(2025, 11, 22, tzinfo=UTC)
BILLER = Biller(company=123, service=7)


@given(st.integers(1, 99_999_999), st.integers(1, 99_999_999))
def test_a_pair_carries_the_amount_the_file_and_the_company(file_code, thousands):
    pair = pair_of(BILLER, file_code, thousands * 1000, NOW)
    assert pair is not None
    assert BillPair.parse(pair.bill_id, pair.payment_id) == pair
    assert pair.amount == thousands * 1000
    assert int(pair.bill_id.file_code) == file_code
    assert (pair.bill_id.company, pair.bill_id.service, pair.payment_id.year) == ("123", 7, 4)


@pytest.mark.parametrize("amount", [999, 1_500, 99_999_999_001, 100_000_000_000])
def test_an_amount_that_no_payment_id_can_carry_gets_no_pair(amount):
    assert pair_of(BILLER, 1, amount, NOW) is None


def test_a_file_code_beyond_eight_digits_is_an_error_and_not_a_bill_without_numbers():
    with pytest.raises(Invalid):
        pair_of(BILLER, 10**8, 1_000, NOW)
