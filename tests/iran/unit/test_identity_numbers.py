import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import Invalid, LegalId, NationalCode

nines = st.text("0123456789", min_size=9, max_size=9)
tens = st.text("0123456789", min_size=10, max_size=10)


def replaced(text: str, place: int, digit: str) -> str:
    return text[:place] + digit + text[place + 1 :]


def refusal(kind: type[NationalCode | LegalId], text: str) -> str | None:
    try:
        kind.parse(text)
    except Invalid as invalid:
        return invalid.code
    return None


@pytest.mark.parametrize("text", ["0499370899", "0790419904", "499370899", "۷۹۰۴۱۹۹۰۴", "049-937089-9"])
def test_a_real_national_code_is_accepted(text: str) -> None:
    assert NationalCode.parse(text) in {"0499370899", "0790419904"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "national_code_format"),
        ("1234567", "national_code_format"),
        ("04993708990", "national_code_format"),
        ("049937089x", "national_code_format"),
        ("۰۴۹۹۳۷۰۸۹²", "national_code_format"),
        ("1111111111", "national_code_repeated"),
        ("0000000000", "national_code_repeated"),
        ("00000000", "national_code_repeated"),
        ("1234567890", "national_code_check_digit"),
        ("0499370898", "national_code_check_digit"),
    ],
)
def test_a_wrong_national_code_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refusal(NationalCode, text) == code


@given(nines)
def test_exactly_one_check_digit_makes_a_national_code(nine: str) -> None:
    accepted = [digit for digit in "0123456789" if refusal(NationalCode, nine + digit) is None]
    assert accepted == ([] if len(set(nine)) == 1 else [NationalCode.check_digit(nine)])


@given(nines, st.integers(0, 8), st.sampled_from("0123456789"))
def test_a_single_wrong_digit_of_a_national_code_is_caught_unless_rests_1_and_10_meet(
    nine: str, place: int, digit: str
) -> None:
    """Rests 1 and 10 share the check digit 1: the one error that the algorithm lets through."""
    other = replaced(nine, place, digit)
    rests = {sum(int(d) * (10 - i) for i, d in enumerate(text)) % 11 for text in (nine, other)}
    caught = NationalCode.check_digit(nine) != NationalCode.check_digit(other)
    assert caught == (other != nine and rests != {1, 10})


def test_a_real_legal_id_is_accepted() -> None:
    assert LegalId.parse("۱۰۳۸ ۰۲۸۴ ۷۹۰") == "10380284790"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1038028479", "legal_id_format"),
        ("103802847900", "legal_id_format"),
        ("10380284792", "legal_id_check_digit"),
    ],
)
def test_a_wrong_legal_id_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refusal(LegalId, text) == code


@given(tens)
def test_exactly_one_check_digit_makes_a_legal_id(ten: str) -> None:
    accepted = [digit for digit in "0123456789" if refusal(LegalId, ten + digit) is None]
    assert accepted == [LegalId.check_digit(ten)]


@given(tens, st.integers(0, 9), st.sampled_from("0123456789"))
def test_a_single_wrong_digit_of_a_legal_id_is_caught_unless_rests_0_and_10_meet(
    ten: str, place: int, digit: str
) -> None:
    other = replaced(ten, place, digit)
    rests = {_legal_rest(ten), _legal_rest(other)}
    caught = LegalId.check_digit(ten) != LegalId.check_digit(other)
    assert caught == (other != ten and rests != {0, 10})


def _legal_rest(ten: str) -> int:
    weights = (29, 27, 23, 19, 17) * 2
    return sum((int(ten[9]) + 2 + int(d)) * w for d, w in zip(ten, weights, strict=True)) % 11
