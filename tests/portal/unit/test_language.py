"""Everything is said in both languages, and written as each writes it."""

from datetime import UTC, date, datetime

import pytest

from iran import Province
from iran.invalid import Invalid
from portal import formats
from portal.catalogue import missing, written
from portal.language import catalogue, chosen_language, language
from portal.pages.entry.steps import day_typed
from portal.words import choices


@pytest.fixture
def english():
    token = language.set("en")
    yield
    language.reset(token)


def test_every_text_has_an_english_one() -> None:
    assert missing() == {}


def test_no_translation_is_left_of_a_text_that_nobody_says() -> None:
    said = {text for _, text in written()}
    assert {text for text in catalogue("en") if text} - said == set()


def test_a_translation_names_the_same_things() -> None:
    names = {text: {part.split(")")[0] for part in text.split("%(")[1:]} for text in catalogue("en")}
    wrong = [
        text
        for text, wanted in names.items()
        if any(f"%({name})s" not in catalogue("en")[text] for name in wanted)
    ]
    assert wrong == []


def test_persian_is_for_everybody_who_has_not_chosen() -> None:
    assert [chosen_language(given) for given in (None, "", "xx", "en")] == ["fa", "fa", "fa", "en"]


def test_every_province_has_an_english_name(english) -> None:
    names = dict(choices("province"))
    assert set(names) == {province.value for province in Province}
    assert all(name.isascii() for name in names.values())


def test_persian_numbers_and_days() -> None:
    assert formats.rial(1_960_000_000) == "۱٬۹۶۰٬۰۰۰٬۰۰۰ ریال"
    assert formats.day("2025-08-03") == formats.day(date(2025, 8, 3)) == "۱۲ مرداد ۱۴۰۴"
    assert formats.moment("2025-08-03T11:00:00Z") == "۱۲ مرداد ۱۴۰۴، ساعت ۱۴:۳۰"
    assert formats.day(datetime(2025, 8, 2, 21, tzinfo=UTC)) == "۱۲ مرداد ۱۴۰۴"


def test_english_numbers_and_days(english) -> None:
    assert formats.rial(1_960_000_000) == "1,960,000,000 Rial"
    assert formats.digits("۱۴۰۴-۱۰۱") == "1404-101"
    assert formats.long_day("2025-08-03") == "Sunday 3 August 2025"
    assert formats.moment("2025-08-03T11:00:00Z") == "3 August 2025, 14:30"


@pytest.mark.parametrize("typed", ["1369/2/22", "۱۳۶۹-۰۲-۲۲", "1990-05-12", "۱۹۹۰/۰۵/۱۲"])
def test_a_day_is_typed_in_either_calendar_and_either_digits(typed) -> None:
    assert day_typed(typed) == date(1990, 5, 12)


@pytest.mark.parametrize("typed", ["", "22/2/1369", "1404/13/01", "2025-02-30", "دیروز"])
def test_what_is_no_day_is_refused(typed) -> None:
    with pytest.raises(Invalid):
        day_typed(typed)


def test_sizes_are_written_with_their_unit(english) -> None:
    assert formats.size(412) == "0.4 kilobytes"
    language.set("fa")
    assert formats.size(412) == "۰٫۴ کیلوبایت"
    assert formats.size(8_000_000) == "۸ مگابایت"


def test_a_number_with_latin_letters_keeps_its_digits() -> None:
    assert formats.digits("101-1405") == "۱۰۱-۱۴۰۵"
    assert formats.digits("CRS-101/A") == "CRS-101/A"


def test_a_code_within_a_sentence_keeps_its_digits() -> None:
    assert formats.digits("سطر 3 (از 12) در A4.csv") == "سطر ۳ (از ۱۲) در A4.csv"
