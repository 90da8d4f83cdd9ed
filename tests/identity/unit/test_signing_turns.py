from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from jwt import PyJWK

from identity.tokens.domain import KEPT_AFTER, SIGNS_FOR, SigningKey, outlived, signer_at, turns_due

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TURNS = st.lists(st.integers(-100, 100).map(lambda days: NOW + timedelta(days=days)), max_size=6, unique=True)


@given(TURNS)
def test_after_maintenance_one_key_signs_and_the_next_is_published(turns: list[datetime]) -> None:
    after = [*turns, *turns_due(turns, NOW)]
    assert any(turn <= NOW for turn in after)
    assert any(turn > NOW for turn in after)
    assert turns_due(after, NOW) == []


@given(TURNS)
def test_a_key_is_dropped_only_when_its_successor_took_over_long_ago(turns: list[datetime]) -> None:
    for turn in outlived(turns, NOW):
        successor = min(later for later in turns if later > turn)
        assert successor + KEPT_AFTER <= NOW


def test_the_first_maintenance_makes_two_keys() -> None:
    assert turns_due([], NOW) == [NOW, NOW + SIGNS_FOR]


def test_the_key_with_the_latest_turn_signs() -> None:
    keys = [
        SigningKey(name, Ed25519PrivateKey.generate(), NOW + timedelta(days=days))
        for name, days in (("old", -40), ("present", -10), ("next", 20))
    ]
    signer = signer_at(keys, NOW)
    assert signer is not None
    assert signer.key_id == "present"
    assert signer_at(keys[2:], NOW) is None


def test_a_published_key_is_the_public_half() -> None:
    key = SigningKey("k", Ed25519PrivateKey.generate(), NOW)
    published = key.as_jwk()
    read = PyJWK(published, algorithm="EdDSA").key
    assert read.public_bytes_raw() == key.public.public_bytes_raw()
    assert "d" not in published
