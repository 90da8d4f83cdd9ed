import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iran import BillId, BillPair, Invalid, PaymentId, Rial, Service

issued = st.builds(
    BillPair.issue,
    file_code=st.integers(0, 10**8 - 1),
    company=st.integers(0, 999),
    amount=st.integers(1, 99_999_999).map(lambda thousands: thousands * 1000),
    year=st.integers(0, 9),
    period=st.integers(0, 99),
    service=st.integers(0, 9),
)


@pytest.mark.parametrize(
    ("bill_id", "payment_id", "amount"),
    [
        ("7748317800142", "1770160", 17_000),
        ("1177809000142", "570108", 5_000),
        ("0001234512370", "1250000050853", 12_500_000_000),
    ],
)
def test_a_known_pair_is_accepted_and_tells_its_amount(bill_id: str, payment_id: str, amount: int) -> None:
    assert BillPair.parse(bill_id, payment_id).amount == Rial(amount)


def test_a_known_wrong_pair_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        BillPair.parse("9100074409151", "12908190")
    assert caught.value.code == "bill_id_check_digit"
    assert PaymentId.parse("12908190").amount == Rial(129_000)


def test_a_payment_id_of_another_bill_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        BillPair.parse("1177809000142", "1770160")
    assert caught.value.code == "bill_pair_mismatch"


def test_a_known_pair_is_issued_from_its_parts() -> None:
    pair = BillPair.issue(file_code=12345, company=123, amount=12_500_000_000, year=5, period=8)
    assert pair == BillPair.parse("0001234512370", "1250000050853")
    assert pair.barcode == "00012345123701250000050853"


def test_the_parts_can_be_read_back() -> None:
    bill, payment = BillId("0001234512370"), PaymentId("1250000050853")
    assert (bill.file_code, bill.company, bill.service) == ("00012345", "123", Service.OTHER)
    assert (payment.year, payment.period) == (5, 8)


@given(issued)
def test_an_issued_pair_is_valid_as_typed_text(pair: BillPair) -> None:
    again = BillPair.parse(str(pair.bill_id), str(pair.payment_id))
    assert again == pair
    assert hash(again) == hash(pair)
    assert len(pair.bill_id) == 13
    assert not pair.payment_id.startswith("0")
    assert len(pair.barcode) == 26


@given(st.integers(1, 99_999_999), st.integers(0, 9), st.integers(0, 99))
def test_an_issued_pair_returns_its_amount_year_and_period(thousands: int, year: int, period: int) -> None:
    pair = BillPair.issue(file_code=7, company=1, amount=thousands * 1000, year=year, period=period)
    assert (pair.amount, pair.payment_id.year, pair.payment_id.period) == (thousands * 1000, year, period)


@given(issued, st.integers(0, 12), st.sampled_from("0123456789"))
def test_a_wrong_digit_of_a_bill_id_changes_the_check_digit_unless_rests_0_and_1_meet(
    pair: BillPair, place: int, digit: str
) -> None:
    bill = str(pair.bill_id)
    other = bill[:place] + digit + bill[place + 1 :]
    rests = {
        sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(text[:-1]))) % 11 for text in (bill, other)
    }
    assume(other != bill and rests != {0, 1})
    with pytest.raises(Invalid):
        BillId.parse(other)


@pytest.mark.parametrize("amount", [0, -1000, 999, 1500, 100_000_000_000])
def test_an_amount_that_a_payment_id_cannot_carry_is_refused(amount: int) -> None:
    with pytest.raises(Invalid) as caught:
        BillPair.issue(file_code=1, company=1, amount=amount, year=4, period=1)
    assert caught.value.code == "bill_amount"


@pytest.mark.parametrize(
    "wrong",
    [{"file_code": 10**8}, {"company": 1000}, {"service": 10}, {"year": 10}, {"period": 100}, {"year": -1}],
)
def test_a_part_that_does_not_fit_is_refused(wrong: dict[str, int]) -> None:
    parts = {"file_code": 1, "company": 1, "service": 7, "year": 4, "period": 1, "amount": 1000} | wrong
    with pytest.raises(Invalid) as caught:
        BillPair.issue(**parts)
    assert caught.value.code == "bill_part"


@pytest.mark.parametrize("text", ["12345", "12345678901234", "12345a"])
def test_an_id_of_the_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as bill:
        BillId.parse(text)
    with pytest.raises(Invalid) as payment:
        PaymentId.parse(text)
    assert (bill.value.code, payment.value.code) == ("bill_id_format", "payment_id_format")


def test_a_mistyped_payment_id_is_refused_before_its_bill_is_known() -> None:
    with pytest.raises(Invalid) as caught:
        PaymentId.parse("1770150")
    assert caught.value.code == "payment_id_check_digit"
