import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.kavenegar.parameters import LookupParameters
from simulators.kavenegar.patterns import compose
from simulators.sms.mobile import mobile
from simulators.sms.taking import parts_of

digits = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("س" * 70, 1), ("س" * 71, 2), ("س" * 134, 2), ("س" * 135, 3), ("a" * 160, 1), ("a" * 161, 2)],
)
def test_a_text_takes_as_many_parts_as_the_operators_count(text: str, parts: int) -> None:
    assert parts_of(text) == parts


@given(digits, st.sampled_from(["09", "9", "+989", "00989", "989"]))
def test_every_form_of_a_mobile_is_the_same_mobile(rest: str, prefix: str) -> None:
    assert mobile(prefix + rest) == "09" + rest


@given(st.from_regex(r"\A(0[0-8]\d{9}|09\d{8}|09\d{10}|۰۹۱۲\d{7})\Z"))
def test_what_is_no_mobile_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an Iranian mobile"):
        mobile(text)


@given(st.text("abcdefgh0123456789%", min_size=1, max_size=20), st.text("xyz", min_size=1, max_size=20))
def test_values_are_put_in_their_places_and_never_expanded_again(token: str, token2: str) -> None:
    lookup = LookupParameters(receptor="09121234567", template="t", token=token, token2=token2)
    assert compose({"t": "%token|%token2|%token"}, lookup) == f"{token}|{token2}|{token}"
