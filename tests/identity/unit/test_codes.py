import ast
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.crypto import new_key
from identity.challenges import domain
from identity.challenges.domain import OneTimeCode, code_mac, new_code
from identity.testing import new_settings
from identity.vault import Vault
from iran import Invalid, to_persian_digits

CHI_SQUARE_9_AT_1_IN_100_000 = 41.5


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault.of(new_settings())


def test_codes_are_six_digits_of_which_none_is_more_frequent() -> None:
    codes = [new_code() for _ in range(100_000)]

    assert all(len(code) == 6 for code in codes)
    for place in range(6):
        seen = Counter(code[place] for code in codes)
        expected = len(codes) / 10
        deviation = sum((seen[digit] - expected) ** 2 / expected for digit in "0123456789")
        assert deviation < CHI_SQUARE_9_AT_1_IN_100_000


def test_codes_come_from_the_systems_secret_source() -> None:
    imported = {
        name.name
        for node in ast.walk(ast.parse(Path(domain.__file__).read_text()))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert "secrets" in imported
    assert "random" not in imported


def test_a_code_is_accepted_in_persian_digits_and_shown_to_nobody() -> None:
    code = OneTimeCode(to_persian_digits("042917"))
    assert code == "042917"
    assert "042917" not in repr(code)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "²³¹²³¹", "-12345"])
def test_anything_but_six_digits_is_no_code(text: str) -> None:
    with pytest.raises(Invalid):
        OneTimeCode(text)


def test_what_is_kept_of_a_code_is_bound_to_its_purpose_and_its_challenge(vault: Vault) -> None:
    code, challenge = OneTimeCode("042917"), uuid4()
    kept = {
        code_mac(vault, "login", challenge, code),
        code_mac(vault, "registration", challenge, code),
        code_mac(vault, "login", uuid4(), code),
    }
    assert len(kept) == 3
    assert all(code not in mac for mac in kept)


def test_what_is_kept_of_a_code_says_nothing_without_the_key_of_codes() -> None:
    settings, code, challenge = new_settings(), OneTimeCode("042917"), uuid4()
    others = settings.model_copy(update={"code_key": new_key()})
    kept, again, under_another_key = (
        code_mac(Vault.of(each), "login", challenge, code) for each in (settings, settings, others)
    )
    assert kept == again
    assert kept != under_another_key
