import string
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.sessions.domain import BUYER, STAFF, RefreshToken, lifetimes_of
from identity.testing import new_settings
from identity.vault import Vault

VAULT = Vault.of(new_settings())
TOKENS = st.builds(RefreshToken, st.uuids(), st.integers(0, 2**32 - 1))


@given(TOKENS)
def test_a_token_is_read_back_as_it_was_made(token: RefreshToken) -> None:
    assert RefreshToken.parse(token.text(VAULT), VAULT) == token


@given(TOKENS, st.integers(0, 69), st.sampled_from(string.ascii_letters + string.digits + "-_"))
def test_no_other_token_is_made_by_changing_a_sign(token: RefreshToken, place: int, sign: str) -> None:
    text = token.text(VAULT)
    changed = text[:place] + sign + text[place + 1 :]
    assert RefreshToken.parse(changed, VAULT) in (None, token)


@given(TOKENS)
def test_a_token_made_with_another_key_is_none(token: RefreshToken) -> None:
    assert RefreshToken.parse(token.text(Vault.of(new_settings())), VAULT) is None


@given(st.text(max_size=100))
def test_any_other_text_is_no_token(text: str) -> None:
    assert RefreshToken.parse(text, VAULT) is None


@pytest.mark.parametrize(("roles", "lifetimes"), [([], BUYER), (["manager"], STAFF)])
def test_staff_stay_logged_in_for_less_long(roles: list[str], lifetimes: object) -> None:
    assert lifetimes_of(roles) is lifetimes
    assert STAFF.idle < BUYER.idle
    assert STAFF.absolute < BUYER.absolute


def test_the_text_of_a_token_does_not_show_its_session() -> None:
    token = RefreshToken(UUID(int=7), 3)
    assert str(token.session_id) not in token.text(VAULT)
