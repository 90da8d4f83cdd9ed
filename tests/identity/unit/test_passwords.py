import asyncio
from datetime import date

import pytest
from argon2 import Type, extract_parameters
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from chassis.errors import Unavailable
from identity.config import Settings
from identity.credentials.common_passwords import common_passwords, is_common
from identity.credentials.hashing import PasswordHashing
from identity.credentials.passwords import NewPassword, refuse_guessable
from iran import Mobile, NationalCode, PersonName

NATIONAL_CODE = NationalCode("0499370899")
MOBILE = Mobile("09123456789")
ADVISED: int = Settings.model_fields["hash_memory_kib"].default


class Given(BaseModel):
    password: NewPassword


@pytest.mark.parametrize(
    "password", ["a1b2c3d4", "ب" * 7 + "پ", "x" * 127 + "y", "correct horse battery staple", "۱۳۷۸ گل سرخ"]
)
def test_any_password_of_8_to_128_signs_is_accepted(password: str) -> None:
    assert Given(password=password).password == password


@pytest.mark.parametrize("password", ["", "a1b2c3d", "x" * 129])
def test_shorter_and_longer_ones_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        Given(password=password)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert Given(password="caf\u0065\u0301 1234").password == Given(password="caf\u00e9 1234").password


@pytest.mark.parametrize(
    "password",
    [
        *("password", "PASSWORD", "12345678", "۱۲۳۴۵۶۷۸", "zzzzzzzzzz", "Qwerty123", "1q2w3e4r5t"),
        *("0987654321", "89012345", "hgfedcba", "salamsalam", "۱۳۷۸۱۳۷۸", "esteghlal", "شسیبلاتن"),
    ],
)
def test_what_everybody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(PydanticCustomError, match="first that are guessed"):
        refuse_guessable(password, NATIONAL_CODE, MOBILE)


@pytest.mark.parametrize(
    "password", ["0499370899", "۰۴۹۹۳۷۰۸۹۹", "09123456789", "+989123456789", "9123456789"]
)
def test_ones_own_numbers_are_refused(password: str) -> None:
    with pytest.raises(PydanticCustomError, match="no password"):
        refuse_guessable(password, NATIONAL_CODE, MOBILE)


NAMES = [PersonName("محمدرضا"), PersonName("کریم‌زاده"), PersonName("حسین")]
BORN = date(1990, 5, 12)


@pytest.mark.parametrize(
    "password",
    [
        *("محمدرضا کریم زاده", "كريم‌زاده", "کریم‌زاده-محمدرضا", "حسین محمدرضا", "محمدرضاکریم‌زاده"),
        *("1990-05-12", "19900512", "12/05/1990", "12051990", "۱۳۶۹/۰۲/۲۲", "13690222", "22.02.1369"),
    ],
)
def test_ones_own_name_and_birth_date_are_refused(password: str) -> None:
    with pytest.raises(PydanticCustomError, match="own name or birth date"):
        refuse_guessable(password, NATIONAL_CODE, MOBILE, NAMES, BORN)


@pytest.mark.parametrize("password", ["محمدرضا و دریا", "19900513", "کریم‌زاده ۱۹۹۰ یزد"])
def test_a_password_may_hold_more_than_a_name_or_another_date(password: str) -> None:
    assert refuse_guessable(password, NATIONAL_CODE, MOBILE, NAMES, BORN) == password


def test_a_wrong_number_beside_it_does_not_hide_a_common_password() -> None:
    with pytest.raises(PydanticCustomError):
        refuse_guessable("password", None, None)


def test_the_three_thousand_most_leaked_passwords_are_too_short_or_refused() -> None:
    long_enough = [word for word in FREQUENCY_LISTS["passwords"][:3000] if len(word) >= 8]
    assert len(long_enough) > 500
    assert all(map(is_common, long_enough))


def test_the_deny_list_holds_what_the_comparison_can_meet() -> None:
    assert len(common_passwords()) > 3000
    assert all(word == word.casefold() for word in common_passwords())


async def test_hashes_are_argon2id_with_the_advised_parameters() -> None:
    async with PasswordHashing(workers=1, queue=1, memory_kib=ADVISED) as hashing:
        stored = await hashing.hash("a1b2c3d4")
        parameters = extract_parameters(stored)

        assert (parameters.type, parameters.memory_cost) == (Type.ID, 19_456)
        assert (parameters.time_cost, parameters.parallelism) == (2, 1)
        assert await hashing.matches(stored, "a1b2c3d4")
        assert not await hashing.matches(stored, "a1b2c3d5")


async def test_the_end_of_a_long_password_counts() -> None:
    async with PasswordHashing(workers=1, queue=1, memory_kib=ADVISED) as hashing:
        stored = await hashing.hash("x" * 127 + "a")
        assert not await hashing.matches(stored, "x" * 127 + "b")


async def test_nobody_has_a_password_and_finding_out_costs_a_whole_hash() -> None:
    weak = PasswordHashing(workers=1, queue=1, memory_kib=64, time_cost=1)
    async with weak as hashing:
        assert not await hashing.matches(None, "a1b2c3d4")
        assert extract_parameters(hashing._nobodys) == extract_parameters(await hashing.hash("x"))


async def test_a_hash_of_other_parameters_is_outdated() -> None:
    async with (
        PasswordHashing(workers=1, queue=1, memory_kib=64, time_cost=1) as before,
        PasswordHashing(workers=1, queue=1, memory_kib=ADVISED) as today,
    ):
        stored = await before.hash("a1b2c3d4")
        assert today.outdated(stored)
        assert await today.matches(stored, "a1b2c3d4")
        assert not today.outdated(await today.hash("a1b2c3d4"))


async def test_beyond_its_queue_it_says_that_it_is_busy() -> None:
    async with PasswordHashing(workers=1, queue=2, memory_kib=ADVISED) as hashing:
        outcomes = await asyncio.gather(
            *(hashing.hash("a1b2c3d4") for _ in range(10)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes].count(str) == 3
        assert [type(outcome) for outcome in outcomes].count(Unavailable) == 7


async def test_the_event_loop_is_free_while_it_hashes() -> None:
    async with PasswordHashing(workers=1, queue=1, memory_kib=ADVISED) as hashing:
        hash_made = asyncio.ensure_future(hashing.hash("a1b2c3d4"))
        turns = 0
        while not hash_made.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns > 1
