"""Attacks on access tokens: nothing but what identity signed, for us, now, in one spelling, passes."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.auth import TokenVerifier
from chassis.signed_token import MAX_LENGTH, InvalidToken
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": TestKeys.key_id}
CLAIMS: dict[str, Any] = {
    "iss": "nobat",
    "aud": "nobat-api",
    "sub": "0199a1b2-0000-7000-8000-000000000001",
    "sid": "0199a1b2-0000-7000-8000-000000000002",
    "roles": ["manager"],
    "iat": SECONDS,
    "exp": SECONDS + 600,
}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ABSENT = object()


@pytest.fixture
def keys() -> TestKeys:
    return TestKeys()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def verifier(keys: TestKeys, clock: MovableClock) -> TokenVerifier:
    return TokenVerifier(keys, clock=clock)


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def changed(members: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {name: value for name, value in (members | changes).items() if value is not ABSENT}


def signed(keys: TestKeys, header: object = HEADER, claims: object = CLAIMS) -> str:
    content = f"{encoded(header)}.{encoded(claims)}"
    return f"{content}.{encoded(keys.private_key.sign(content.encode()))}"


async def refused(verifier: TokenVerifier, token: str) -> bool:
    try:
        await verifier.verify(token)
    except InvalidToken:
        return True
    return False


async def test_what_identity_signed_names_its_bearer(verifier: TokenVerifier, keys: TestKeys) -> None:
    principal = await verifier.verify(signed(keys))
    assert principal.subject == UUID(CLAIMS["sub"])
    assert principal.session == UUID(CLAIMS["sid"])
    assert principal.roles == {"manager"}
    assert principal.expires_at == SECONDS + 600


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "", "HS256", "RS256", "ES256", "eddsa", None, ["EdDSA"]]
)
async def test_no_other_algorithm_is_accepted(
    verifier: TokenVerifier, keys: TestKeys, algorithm: object
) -> None:
    assert await refused(verifier, signed(keys, changed(HEADER, alg=algorithm)))


@pytest.mark.parametrize("algorithm", ["HS256", "EdDSA"])
@pytest.mark.parametrize("secret_of", ["raw", "pem", "der", "empty"])
async def test_the_public_key_is_no_shared_secret(
    verifier: TokenVerifier, keys: TestKeys, algorithm: str, secret_of: str
) -> None:
    public = keys.private_key.public_key()
    secret = {
        "raw": public.public_bytes_raw(),
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "empty": b"",
    }[secret_of]
    content = f"{encoded(changed(HEADER, alg=algorithm))}.{encoded(CLAIMS)}"
    for digest in (hashlib.sha256, hashlib.sha512):
        forged = hmac.new(secret, content.encode(), digest).digest()
        assert await refused(verifier, f"{content}.{encoded(forged)}")


@pytest.mark.parametrize(
    "member",
    [
        {"jku": "https://evil.example/jwks.json"},
        {"x5u": "https://evil.example/chain.pem"},
        {"x5c": ["MIIB"]},
        {"x5t": "c2hh"},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"": ""},
    ],
    ids=lambda member: next(iter(member)) or "nameless",
)
async def test_a_header_says_nothing_more_than_identity_says(
    verifier: TokenVerifier, keys: TestKeys, member: dict[str, object]
) -> None:
    assert await refused(verifier, signed(keys, HEADER | member))


@pytest.mark.parametrize("kind", [ABSENT, "JWT", "at+JWT", "rt+jwt", "application/at+jwt", "", None, 1])
async def test_only_an_access_token_is_an_access_token(
    verifier: TokenVerifier, keys: TestKeys, kind: object
) -> None:
    assert await refused(verifier, signed(keys, changed(HEADER, typ=kind)))


@pytest.mark.parametrize(
    "key_id", [ABSENT, "", "other", "../../dev/null", "' OR 1=1 --", "test\0", None, 0, ["test"], {"test": 1}]
)
async def test_only_a_published_key_id_is_looked_up(
    verifier: TokenVerifier, keys: TestKeys, key_id: object
) -> None:
    assert await refused(verifier, signed(keys, changed(HEADER, kid=key_id)))


async def test_another_key_of_the_same_name_does_not_sign_for_identity(verifier: TokenVerifier) -> None:
    assert await refused(verifier, signed(TestKeys()))


async def test_a_signature_is_there_and_whole(verifier: TokenVerifier, keys: TestKeys) -> None:
    content, _, signature = signed(keys).rpartition(".")
    for length in range(len(signature)):
        assert await refused(verifier, f"{content}.{signature[:length]}")
    assert await refused(verifier, content)
    assert await refused(verifier, f"{content}.{signature}{signature}")
    assert await refused(verifier, f"{content}.{encoded(bytes(64))}")


async def test_bytes_do_not_move_between_signature_and_content(
    verifier: TokenVerifier, keys: TestKeys
) -> None:
    header, payload, signature = signed(keys).split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    assert await refused(verifier, f"{header[4:]}.{payload}.{encoded(raw + header[:4].encode())}")
    assert await refused(verifier, f"{header}.{payload}.{encoded(raw[:60])}")


async def test_no_flipped_bit_of_any_part_passes(verifier: TokenVerifier, keys: TestKeys) -> None:
    token = signed(keys)
    for place, sign in enumerate(token):
        if sign != ".":
            for bit in range(6):
                other = ALPHABET[ALPHABET.index(sign) ^ 1 << bit]
                assert await refused(verifier, token[:place] + other + token[place + 1 :]), (place, bit)


SPELLINGS = {
    "a space before": lambda token: f" {token}",
    "a space after": lambda token: f"{token} ",
    "a line break after": lambda token: f"{token}\n",
    "a line break inside": lambda token: token[:40] + "\r\n" + token[40:],
    "a tab": lambda token: token.replace(".", "\t.", 1),
    "a NUL": lambda token: f"{token}\0",
    "padding of the signature": lambda token: f"{token}==",
    "one pad": lambda token: f"{token}=",
    "padding of the header": lambda token: token.replace(".", "=.", 1),
    "padding of everything": lambda token: "==.".join(token.split(".")) + "==",
    "a fourth part": lambda token: f"{token}.",
    "five parts": lambda token: f"{token}.e30.e30",
    "an empty first part": lambda token: f".{token}",
    "two parts": lambda token: token.rpartition(".")[0],
    "no signature": lambda token: token.rpartition(".")[0] + ".",
    "no header": lambda token: token[token.index(".") :],
    "the scheme": lambda token: f"Bearer {token}",
    "quotes": lambda token: f'"{token}"',
    "percent-encoded dots": lambda token: token.replace(".", "%2E"),
    "full-width dots": lambda token: token.replace(".", "\uff0e"),
    "a Cyrillic letter": lambda token: token.replace("e", "\u0435", 1),
    "an invisible sign": lambda token: f"{token}\u200b",
    "upper case": lambda token: token.upper(),
    "nothing": lambda _: "",
    "dots": lambda _: "..",
    "twice": lambda token: f"{token},{token}",
    "JSON serialisation": lambda token: json.dumps(
        dict(zip(("protected", "payload", "signature"), token.split("."), strict=True))
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_token_has_one_spelling(verifier: TokenVerifier, keys: TestKeys, spelling: str) -> None:
    token = signed(keys)
    assert not await refused(verifier, token)
    assert await refused(verifier, SPELLINGS[spelling](token))


async def test_the_other_base64_alphabet_is_another_spelling(verifier: TokenVerifier, keys: TestKeys) -> None:
    token = next(
        token
        for number in range(100)
        if {"-", "_"} & set(token := signed(keys, claims=CLAIMS | {"n": number}))
    )
    assert await refused(verifier, token.replace("-", "+").replace("_", "/"))


async def test_a_token_is_as_long_as_tokens_are(verifier: TokenVerifier, keys: TestKeys) -> None:
    assert not await refused(verifier, signed(keys, claims=CLAIMS | {"more": "x" * 2000}))
    assert await refused(verifier, signed(keys, claims=CLAIMS | {"more": "x" * MAX_LENGTH}))
    assert await refused(verifier, "A" * 10_000_000)


WRONG_CLAIMS: dict[str, list[object]] = {
    "iss": [ABSENT, "", "evil", ["nobat"], None],
    "aud": [ABSENT, "", "other-api", ["nobat-api"], ["nobat-api", "other-api"], None],
    "exp": [
        ABSENT, SECONDS, SECONDS - 1, -1, 0, str(SECONDS + 600), "", True, None, [SECONDS + 600],
        float("nan"), float("inf"), SECONDS + 600.5,
    ],
    "nbf": [SECONDS + 1, str(SECONDS), False, None, float("nan"), float("-inf")],
    "iat": [ABSENT, SECONDS + 61, str(SECONDS), True, None, float("nan"), float("-inf")],
    "sub": [ABSENT, "", "1", "admin", "0199a1b2", 1, True, None, [], {}, [CLAIMS["sub"]]],
    "sid": [ABSENT, "", "session", 1, None, []],
    "roles": [ABSENT, "manager", "", None, 1, True, {"manager": 1}, [1], [None], [["manager"]], [{}]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG_CLAIMS.items() for value in values]
)
async def test_every_claim_is_there_and_right(
    verifier: TokenVerifier, keys: TestKeys, name: str, value: object
) -> None:
    assert await refused(verifier, signed(keys, claims=changed(CLAIMS, **{name: value})))


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"null", b"[]", b'"text"', b"1", b"\xff", b"{}", b'{"a":' + b"[" * 2000]
)
async def test_the_payload_is_a_json_object(verifier: TokenVerifier, keys: TestKeys, payload: bytes) -> None:
    assert await refused(verifier, signed(keys, claims=payload))


async def test_a_token_becomes_valid_at_its_time(
    verifier: TokenVerifier, keys: TestKeys, clock: MovableClock
) -> None:
    token = signed(keys, claims=CLAIMS | {"nbf": SECONDS + 30})
    assert await refused(verifier, token)
    clock.advance(seconds=30)
    assert not await refused(verifier, token)


async def test_a_token_for_enrolling_says_so(verifier: TokenVerifier, keys: TestKeys) -> None:
    assert (await verifier.verify(signed(keys, claims=CLAIMS | {"scope": "enrolment"}))).enrolling
    assert not (await verifier.verify(signed(keys))).enrolling


@pytest.mark.parametrize("scope", ["", "enrolment ", "admin", None, True, ["enrolment"], {}])
async def test_a_token_of_another_scope_is_refused(
    verifier: TokenVerifier, keys: TestKeys, scope: object
) -> None:
    assert await refused(verifier, signed(keys, claims=CLAIMS | {"scope": scope}))
