import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import Invalid, PersonName, matching_key, normalise, to_ascii_digits, to_persian_digits
from iran.digits import compact

persian_text = st.text(st.sampled_from("ابپتکكیيىئأآةۀهء0۱٢ \u200c\u200f\u064e\u0651\u0653\u0654ـaZ-.'\n"))


def test_persian_and_arabic_digits_become_ascii() -> None:
    assert to_ascii_digits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ 12") == "0123456789 0123456789 12"


@given(st.text("0123456789"))
def test_digits_survive_the_way_to_people_and_back(digits: str) -> None:
    assert to_ascii_digits(to_persian_digits(digits)) == digits


def test_a_number_is_shown_with_persian_digits() -> None:
    assert to_persian_digits(1404) == "۱۴۰۴"


def test_what_people_put_between_digits_is_dropped() -> None:
    assert compact(" ‎(۰۲۱) ۴۲-۷۲ـ۴\u200c\u00a0–_") == "0214272" + "4"


@given(persian_text | st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("علي كريمي", "علی کریمی"),
        ("  علی \t کریمی\n", "علی کریمی"),
        ("مـحـمد\u200f", "محمد"),
        ("می\u200cرود", "می\u200cرود"),
        ("رضا\x00", "رضا"),
        ("رئیس", "رئیس"),
        ("آرش", "آرش"),
    ],
)
def test_text_is_stored_in_one_spelling(text: str, stored: str) -> None:
    assert normalise(text) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي كريمي", "علی‌کریمی"),
        ("سید محمّد", "سيدمحمد"),
        ("آرش", "ارش"),
        ("رئیس", "ريیس"),
        ("مسئول", "مسيول"),
        ("فاطمة", "فاطمه"),
        ("خانۀ", "خانه"),
        ("ضیاءالدین", "ضیاالدین"),
        ("پلاک ۱۲", "پلاک 12"),
        ("ﻋﻠﯽ", "علی"),
        ("Ali-Reza", "ali reza"),
    ],
)
def test_two_spellings_of_the_same_words_have_one_key(one: str, other: str) -> None:
    assert matching_key(one) == matching_key(other) != ""


def test_different_words_have_different_keys() -> None:
    assert matching_key("علی") != matching_key("علا")


@given(persian_text)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert matching_key(matching_key(text)) == matching_key(text)


@given(persian_text)
def test_storing_a_text_does_not_change_its_key(text: str) -> None:
    assert matching_key(normalise(text)) == matching_key(text)


@pytest.mark.parametrize("text", ["علی", "سید علي", "عبدالله‌زاده", "محمّد", "O'Neil", "ژ", "آ" * 60, "Jürgen"])
def test_a_name_is_accepted(text: str) -> None:
    assert PersonName.parse(text) == normalise(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200c", "علی۲", "Ali3", "<b>", "آ" * 61, "-علی", "علی😀", "ali@x"]
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        PersonName.parse(text)
    assert caught.value.code == "person_name_format"


def test_a_bank_may_write_the_name_without_blanks() -> None:
    assert PersonName.parse("سید علی").matches("سيدعلي")
    assert not PersonName.parse("سید علی").matches("سید علا")
