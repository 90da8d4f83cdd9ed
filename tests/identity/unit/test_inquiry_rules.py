"""What makes two questions the same, how long an answer counts, when to ask again, when names are alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from identity.inquiries.domain import KEPT, Kind, Likeness, Pauses, Person, Question, Result, likeness
from identity.testing import new_settings
from iran import PersonName, samples

PERSON = Person(
    national_code=samples.national_code(1),
    mobile=samples.mobile(1),
    first_name=PersonName("زهرا"),
    last_name=PersonName("محمدی"),
    birth_date=date(1990, 5, 12),
    iban=samples.sheba(1),
)
CHANGES = {
    "mobile": (replace(PERSON, mobile=samples.mobile(2)), {Kind.MOBILE_OWNER}),
    "iban": (replace(PERSON, iban=samples.sheba(2)), {Kind.IBAN_OWNER}),
    "first name": (replace(PERSON, first_name=PersonName("زهره")), {Kind.CIVIL_REGISTRY}),
    "birth date": (replace(PERSON, birth_date=date(1990, 5, 13)), {Kind.CIVIL_REGISTRY, Kind.IBAN_OWNER}),
    "national code": (replace(PERSON, national_code=samples.national_code(2)), set(Kind)),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_a_change_makes_other_questions_of_those_kinds_that_ask_for_it(changed):
    other, kinds = CHANGES[changed]
    assert {kind for kind in Kind if Question(kind, other).inputs != Question(kind, PERSON).inputs} == kinds


def test_questions_of_two_kinds_are_never_the_same():
    assert len({Question(kind, PERSON).inputs for kind in Kind}) == len(Kind)


def test_only_a_sheba_concerns_a_bank():
    assert {kind: Question(kind, PERSON).bank for kind in Kind} == {
        Kind.IBAN_OWNER: PERSON.iban[4:7],
        Kind.MOBILE_OWNER: None,
        Kind.CIVIL_REGISTRY: None,
    }


def test_what_was_unavailable_is_never_remembered():
    assert set(KEPT) == set(Result) - {Result.UNAVAILABLE}
    assert KEPT[Result.NO_MATCH] < KEPT[Result.MATCH]


@given(st.integers(1, 10_000))
def test_pauses_grow_up_to_the_longest(attempts):
    pauses = Pauses(timedelta(minutes=1), timedelta(hours=6))
    pause = pauses.after(attempts)
    assert timedelta(minutes=1) <= pause <= timedelta(hours=6)
    assert pauses.after(attempts + 1) == min(2 * pause, timedelta(hours=6))


@pytest.mark.parametrize(
    ("one", "other"),
    [("كياني", "کیانی"), ("علی‌رضا", "علي رضا"), ("رؤیا", "رویا"), ("آرش", "ارش"), (" سید علی", "سيدعلى ")],
)
def test_spelling_does_not_count(one, other):
    assert likeness(one, other) == 100


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_between_nothing_and_a_hundred(one, other):
    assert 0 <= likeness(one, other) <= 100
    assert likeness(one, one) == 100


@given(st.integers(0, 100), st.integers(0, 100))
def test_both_names_must_be_alike(first, last):
    assert Likeness(80, 70).reached(first, last) == (first >= 80 and last >= 70)


@pytest.mark.parametrize(
    "url",
    ["", "ftp://api.finnotech.ir", "//api.finnotech.ir", "https://user@host", "https://h?x=", "https://h#x"],
)
def test_a_provider_is_at_a_plain_address(url):
    with pytest.raises(ValidationError):
        new_settings(finnotech_url=url)
    assert new_settings(finnotech_url="https://api.finnotech.ir/x").finnotech_url


def test_credentials_of_providers_are_not_shown():
    credentials = ("finnotech_client_secret", "jibit_api_key", "jibit_secret_key", "zohal_token")
    settings = new_settings(**dict.fromkeys(credentials, "very-secret"))
    assert "very-secret" not in repr(settings)
