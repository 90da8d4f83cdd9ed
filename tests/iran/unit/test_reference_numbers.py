import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iran import has_valid_check_digit, to_persian_digits, with_check_digit

numbers = st.text("0123456789", min_size=1, max_size=20)


def test_the_published_example() -> None:
    assert with_check_digit("572") == "5724"


@given(numbers)
def test_a_number_with_its_check_digit_is_valid_as_people_type_it(digits: str) -> None:
    number = with_check_digit(digits)
    assert number[:-1] == digits
    assert has_valid_check_digit(number)
    assert has_valid_check_digit(to_persian_digits("-".join(number)))


@given(numbers, st.integers(0, 20), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_caught(digits: str, place: int, digit: str) -> None:
    number = with_check_digit(digits)
    assume(place < len(number) and number[place] != digit)
    assert not has_valid_check_digit(number[:place] + digit + number[place + 1 :])


@given(numbers, st.integers(0, 19))
def test_any_swap_of_neighbours_is_caught(digits: str, place: int) -> None:
    number = with_check_digit(digits)
    assume(place + 1 < len(number) and number[place] != number[place + 1])
    assert not has_valid_check_digit(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@pytest.mark.parametrize("text", ["", "0", "5", "57x4", "5725", "٥٧٢5"])
def test_what_carries_no_check_digit_is_invalid(text: str) -> None:
    assert not has_valid_check_digit(text)


@pytest.mark.parametrize("text", ["", "12a", "۱۲", "1 2"])
def test_a_check_digit_is_taken_over_ascii_digits_only(text: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        with_check_digit(text)
