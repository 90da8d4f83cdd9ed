"""What a browser keeps can be read and changed by nobody else."""

from secrets import token_hex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.crypto import Keyring
from chassis.keys.text import new_key
from chassis.testing.clock import MovableClock
from portal.cookies import CHUNK, MAX_CHUNKS, Cookies, TooLarge

KEYRING = Keyring.parse(f"k1:{new_key()}")
TEXTS = st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=20)


def sent_back(cookies: Cookies) -> dict[str, str]:
    """What a browser sends that has taken all changes."""
    lines = (line.split(";")[0] for line in cookies.changes if "Max-Age=0" not in line)
    return dict(line.split("=", 1) for line in lines)


@given(TEXTS)
def test_a_value_comes_back_as_it_was(value) -> None:
    clock = MovableClock()
    cookies = Cookies({}, KEYRING, clock)
    cookies.keep("draft", value, 60)
    assert Cookies(sent_back(cookies), KEYRING, clock).read("draft") == value


def test_a_value_is_for_its_time_only() -> None:
    clock = MovableClock()
    cookies = Cookies({}, KEYRING, clock)
    cookies.keep("draft", {"a": "b"}, 60)
    clock.advance(seconds=61)
    assert Cookies(sent_back(cookies), KEYRING, clock).read("draft") is None


def test_a_large_value_takes_several_cookies_and_a_small_one_takes_them_back() -> None:
    clock = MovableClock()
    cookies = Cookies({}, KEYRING, clock)
    large = {"text": token_hex(CHUNK)}
    cookies.keep("kept", large, 60)
    held = sent_back(cookies)
    assert len(held) > 1
    assert all(len(value) <= CHUNK for value in held.values())
    later = Cookies(held, KEYRING, clock)
    assert later.read("kept") == large
    later.keep("kept", {"text": "x"}, 60)
    assert Cookies({**sent_back(later)}, KEYRING, clock).read("kept") == {"text": "x"}
    assert sum("Max-Age=0" in line for line in later.changes) == len(held) - 1


def test_what_does_not_fit_is_refused() -> None:
    cookies = Cookies({}, KEYRING, MovableClock())
    with pytest.raises(TooLarge):
        cookies.keep("kept", {"text": token_hex(CHUNK * MAX_CHUNKS)}, 60)


@pytest.mark.parametrize("damage", ["", "x", "AAAA", "ÿ", "%", "=" * 9])
def test_what_is_damaged_is_nothing(damage) -> None:
    assert Cookies({"__Host-session": damage}, KEYRING, MovableClock()).read("session") is None
