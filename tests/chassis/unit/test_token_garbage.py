"""Whatever comes as a token, the answer is a person or ``InvalidToken``, never another failure."""

import asyncio
import base64
import json
from contextlib import suppress
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from chassis.auth import TokenVerifier
from chassis.signed_token import InvalidToken
from chassis.testing.tokens import TestKeys

KEYS, OWNER = TestKeys(), uuid4()
HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": KEYS.key_id}
CLAIM_NAMES = st.sampled_from(["iss", "aud", "sub", "sid", "roles", "iat", "exp", "nbf"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("nobat"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(header: object, claims: object) -> str:
    content = f"{part(header)}.{part(claims)}"
    signature = KEYS.private_key.sign(content.encode())
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def refused(token: str) -> bool:
    try:
        asyncio.run(TokenVerifier(KEYS).verify(token))
    except InvalidToken:
        return True
    return False


@given(st.text(max_size=400))
def test_random_text_is_refused(text: str) -> None:
    assert refused(text)


@given(st.lists(st.binary(max_size=90), min_size=3, max_size=3))
def test_three_parts_of_random_bytes_are_refused(parts: list[bytes]) -> None:
    assert refused(".".join(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() for raw in parts))


@given(st.lists(st.text("=.-_+/AQgwez\r\n \0é۰", max_size=90), min_size=1, max_size=5))
def test_what_nearly_is_base64_is_refused(parts: list[str]) -> None:
    assert refused(".".join(parts))


@given(JSON)
def test_random_headers_are_refused(header: object) -> None:
    assert refused(signed(header, {}))


@given(st.dictionaries(st.sampled_from(["alg", "typ", "kid"]), JSON))
def test_headers_with_random_members_are_refused(members: dict[str, object]) -> None:
    if members:
        assert refused(signed(HEADER | members, {})) or members.items() <= HEADER.items()


@given(JSON | st.dictionaries(CLAIM_NAMES, JSON))
def test_random_claims_fail_in_no_other_way_even_when_signed(claims: object) -> None:
    assert refused(signed(HEADER, claims))


@given(st.dictionaries(CLAIM_NAMES, JSON, min_size=1, max_size=2))
def test_a_good_token_with_random_claims_in_it_fails_in_no_other_way(changes: dict[str, object]) -> None:
    good = json.loads(base64.urlsafe_b64decode(KEYS.token(OWNER).split(".")[1] + "=="))
    with suppress(InvalidToken):
        principal = asyncio.run(TokenVerifier(KEYS).verify(signed(HEADER, good | changes)))
        assert principal.subject
