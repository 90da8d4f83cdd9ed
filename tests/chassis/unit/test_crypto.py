"""Sealed values open under the right key in the right place; the blind index tells equal from unequal."""

import base64
import hmac
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.blind_index import IndexKey
from chassis.crypto import BlindIndex, CannotOpen, Keyring, decode_key, key_name, new_key, parse_keys
from chassis.keys.files import KeyFile

OLD, NEW, OTHER = new_key(), new_key(), new_key()
KEYRING = Keyring.parse(f"old:{OLD}")
CONTEXT = "customers.mobile"
VALUES = st.text(st.characters(codec="utf-8"), max_size=40)


@given(st.binary(max_size=300), VALUES)
def test_what_was_sealed_opens_in_its_context(plain: bytes, context: str) -> None:
    assert KEYRING.open(KEYRING.seal(plain, context), context) == plain


@given(st.binary(min_size=1, max_size=40))
def test_a_sealed_value_does_not_show_what_it_is(plain: bytes) -> None:
    first, second = KEYRING.seal(plain, CONTEXT), KEYRING.seal(plain, CONTEXT)
    assert first != second
    assert len(plain) < 4 or plain not in first


@pytest.mark.parametrize("elsewhere", ["customers.iban", "", "customers.mobile ", "Customers.mobile"])
def test_a_sealed_value_that_was_moved_does_not_open(elsewhere: str) -> None:
    with pytest.raises(CannotOpen):
        KEYRING.open(KEYRING.seal(b"09120000000", CONTEXT), elsewhere)


def test_no_flipped_bit_goes_unnoticed() -> None:
    sealed = KEYRING.seal(b"09120000000", CONTEXT)
    for place in range(len(sealed) * 8):
        damaged = bytearray(sealed)
        damaged[place // 8] ^= 1 << place % 8
        with pytest.raises(CannotOpen):
            KEYRING.open(bytes(damaged), CONTEXT)


def test_no_part_of_a_sealed_value_opens() -> None:
    sealed = KEYRING.seal(b"09120000000", CONTEXT)
    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            KEYRING.open(sealed[:length], CONTEXT)


@given(st.binary(max_size=80))
def test_garbage_does_not_open(garbage: bytes) -> None:
    with pytest.raises(CannotOpen):
        KEYRING.open(garbage, CONTEXT)


@given(st.text(max_size=80))
def test_garbage_is_no_sealed_object(garbage: str) -> None:
    with pytest.raises(CannotOpen):
        KEYRING.open_object(garbage, CONTEXT)


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = KEYRING.seal(b"before", CONTEXT)
    turned = Keyring.parse(f"new:{NEW},old:{OLD}")
    after = turned.seal(b"after", CONTEXT)
    assert turned.open(before, CONTEXT) == b"before"
    assert Keyring.parse(f"new:{NEW}").open(after, CONTEXT) == b"after"


def test_what_a_withdrawn_key_sealed_does_not_open() -> None:
    sealed = KEYRING.seal(b"before", CONTEXT)
    with pytest.raises(CannotOpen):
        Keyring.parse(f"new:{NEW}").open(sealed, CONTEXT)
    with pytest.raises(CannotOpen):
        Keyring.parse(f"old:{OTHER}").open(sealed, CONTEXT)


def test_an_object_travels_as_text() -> None:
    contact = {"mobile": "09120000000", "name": "زهرا"}
    sealed = KEYRING.seal_object(contact, CONTEXT)
    assert sealed.isascii()
    assert KEYRING.open_object(sealed, CONTEXT) == contact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{old}",
        ":{old}",
        "old",
        "old:",
        "old:short",
        "old:{old:.40}",
        "old:{old}AAAA",
        "old:{old} ",
        "old:{old},old:{new}",
        "x" * 256 + ":{old}",
    ],
)
def test_a_keyring_that_is_written_wrongly_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 the sentence is the codec's
        Keyring.parse(text.format(old=OLD, new=NEW))
    assert OLD not in str(refusal.value)


def test_keys_keep_their_order() -> None:
    assert list(parse_keys(f"new:{NEW},old:{OLD}")) == ["new", "old"]
    assert parse_keys(f"new:{NEW}")["new"] == base64.b64decode(NEW)


def test_keys_are_new_and_whole() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(decode_key(key)) for key in keys} == {32}


@given(VALUES, VALUES)
def test_equal_values_meet_and_others_do_not(one: str, other: str) -> None:
    index = BlindIndex.parse(OLD)
    assert (index.of(one, "code") == index.of(other, "code")) == (one == other)


@given(st.binary(min_size=1, max_size=200), VALUES, VALUES)
def test_an_index_is_the_hmac_of_its_value(key: bytes, value: str, purpose: str) -> None:
    one = IndexKey("k1", key)
    expected = hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()
    assert [one.of(value, purpose) for _ in range(2)] == [expected] * 2


def test_an_index_is_told_apart_by_its_purpose_and_its_key() -> None:
    index, foreign = BlindIndex.parse(OLD), BlindIndex.parse(NEW)
    found = {
        index.of("0012345679", "national_code"),
        index.of("0012345679", "mobile"),
        foreign.of("0012345679", "national_code"),
    }
    assert len(found) == 3
    assert all(len(digest) == 64 and "0012345679" not in digest for digest in found)


def test_a_keyring_follows_its_file(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "data")
    file.write(parse_keys(f"old:{OLD}"))
    ring, other = (Keyring.parse(f"file:{file.path}") for _ in range(2))
    before = ring.seal(b"word", CONTEXT)

    file.write(parse_keys(f"new:{NEW},old:{OLD}"))

    assert ring.refresh()
    assert not ring.refresh()
    after = ring.seal(b"word", CONTEXT)
    assert [key_name(before), key_name(after)] == ["old", "new"]
    assert other.open(after, CONTEXT) == other.open(before, CONTEXT) == b"word"


@pytest.mark.parametrize(
    "content",
    [None, "", "k1", "k1:AAAA", f"k1:{OLD}\nk1:{NEW}"],
    ids=["missing", "empty", "no key", "short key", "two lines"],
)
def test_a_bad_file_changes_nothing(tmp_path: Path, content: str | None) -> None:
    file = KeyFile(tmp_path / "data")
    file.write(parse_keys(f"old:{OLD}"))
    ring = Keyring.parse(f"file:{file.path}")
    file.path.unlink()
    if content is not None:
        file.path.write_text(content)
        with pytest.raises(ValueError, match=r"key|decoded|padding"):
            Keyring.parse(f"file:{file.path}")

    assert not ring.refresh()
    assert (ring.sealing, ring.names) == ("old", ["old"])


def test_only_its_owner_reads_a_key_file(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "data")
    file.write(parse_keys(f"old:{OLD}"))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
