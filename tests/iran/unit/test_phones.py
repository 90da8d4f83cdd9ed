import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import Invalid, Landline, Mobile, to_persian_digits

mobiles = st.from_regex(r"09[0-9]{9}", fullmatch=True)


@given(
    mobiles,
    st.sampled_from(["0", "", "+98", "0098", "98", "+980", "+98 0", "(+98) ", "98-"]),
    st.sampled_from([str, to_persian_digits]),
)
def test_every_way_to_write_the_country_is_the_same_mobile(
    mobile: str, prefix: str, write: type[str]
) -> None:
    assert Mobile.parse(write(prefix + mobile[1:])) == mobile


@given(mobiles, st.sampled_from([" ", "-", "\u200c", "\u00a0", "–"]))
def test_separators_in_a_mobile_do_not_matter(mobile: str, separator: str) -> None:
    assert Mobile.parse(separator.join(mobile)) == mobile


@given(mobiles)
def test_the_international_form_parses_back(mobile: str) -> None:
    assert Mobile.parse(Mobile(mobile).e164) == mobile


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0912345678",
        "091234567890",
        "02112345678",
        "+1 912 345 6789",
        "+989",
        "0912345678a",
        "00989 12345678",
    ],
)
def test_what_is_no_mobile_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Mobile.parse(text)
    assert caught.value.code == "mobile_format"


@pytest.mark.parametrize("text", ["021-42724000", "+98 21 42724000", "۰۲۱۴۲۷۲۴۰۰۰", "2142724000"])
def test_every_way_to_write_a_landline_is_the_same(text: str) -> None:
    assert Landline.parse(text) == "02142724000"


@pytest.mark.parametrize("text", ["42724000", "42724", "09123456789", "00142724000"])
def test_what_is_no_landline_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Landline.parse(text)
    assert caught.value.code == "landline_format"
