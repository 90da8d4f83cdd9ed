"""Access tokens and the keys that sign them."""

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from chassis.database import Database
from chassis.testing.clock import MovableClock
from identity.app import MIGRATIONS
from identity.config import Settings
from identity.context import Context
from identity.testing import Api, Json, Person, Phones, registered
from identity.tokens import service as keys
from identity.tokens.key_store import KeyStore


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


async def published(client: httpx.AsyncClient) -> list[Json]:
    found: list[Json] = (await client.get("/.well-known/jwks.json")).json()["keys"]
    return found


async def test_the_keys_are_published_with_the_next_one_and_without_private_parts(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/.well-known/jwks.json")

    assert answer.headers["cache-control"] == "public, max-age=300"
    assert len(answer.json()["keys"]) >= 2
    for key in answer.json()["keys"]:
        assert key.keys() == {"kty", "crv", "use", "alg", "kid", "x"}
        assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "EdDSA")


async def test_a_token_says_who_and_until_when(
    person: Person, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    token = person.tokens["access_token"]
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})

    assert (header["alg"], header["typ"]) == ("EdDSA", "at+jwt")
    assert header["kid"] in {key["kid"] for key in await published(client)}
    assert claims.keys() == {"iss", "aud", "sub", "sid", "roles", "iat", "exp", "jti"}
    assert (claims["sub"], claims["roles"]) == (person.customer_id, [])
    assert claims["exp"] - claims["iat"] == 600


async def test_a_token_ends_after_ten_minutes(api: Api, person: Person, clock: MovableClock) -> None:
    clock.advance(seconds=599)
    assert (await api.get("/me", Authorization=person.authorization)).status_code == 200
    clock.advance(seconds=2)
    assert (await api.get("/me", Authorization=person.authorization)).status_code == 401


def _encode(part: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _resigned(token: str, **changes: str) -> str:
    header = {**jwt.get_unverified_header(token), **changes}
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=header)


def _unsigned(token: str, **changes: str) -> str:
    payload = token.split(".")[1]
    return f"{_encode({**jwt.get_unverified_header(token), **changes})}.{payload}."


def _with_roles(token: str) -> str:
    header, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    return f"{header}.{_encode({**claims, 'roles': ['admin']})}.{signature}"


@pytest.mark.parametrize(
    "mutate",
    [
        lambda token: _unsigned(token, alg="none"),
        _unsigned,
        lambda token: _unsigned(token, alg="HS256"),
        _resigned,
        lambda token: _resigned(token, kid="unknown"),
        lambda token: _resigned(token, kid="../../etc/passwd"),
        lambda token: _resigned(token, jku="https://evil.example/keys"),
        lambda token: _resigned(token, typ="JWT"),
        _with_roles,
        lambda token: token[:-2],
        lambda token: "",
    ],
)
async def test_a_changed_token_is_refused(api: Api, person: Person, mutate: Callable[[str], str]) -> None:
    answer = await api.get("/me", Authorization=f"Bearer {mutate(person.tokens['access_token'])}")
    assert answer.status_code == 401


@pytest.fixture
async def fresh(settings: Settings, make_migrated: Callable[[str, Path], str]) -> Settings:
    """Settings of a database without keys."""
    url = make_migrated("identity_keys", MIGRATIONS)
    return settings.model_copy(update={"database_url": url})


async def test_processes_that_start_together_agree_on_their_keys(fresh: Settings, context: Context) -> None:
    databases = [Database(fresh.database_url, pool_size=1) for _ in range(8)]
    stores = [KeyStore(database, context.vault, context.clock) for database in databases]

    signing = await asyncio.gather(*(store.signing() for store in stores))

    assert len({key.key_id for key in signing}) == 1
    assert [len(await store.keys()) for store in stores] == [2] * 8
    for database in databases:
        await database.close()


async def test_tokens_stay_good_through_a_rotation(
    fresh: Settings, context: Context, clock: MovableClock
) -> None:
    database = Database(fresh.database_url, pool_size=1)
    signer, verifier = (KeyStore(database, context.vault, clock) for _ in range(2))
    first = await signer.signing()
    async with database.transaction() as session:
        await keys.rotate(session, context.vault, clock())

    clock.advance(minutes=9)
    assert (await signer.signing()).key_id == first.key_id
    clock.advance(minutes=2)
    second = await signer.signing()
    assert second.key_id != first.key_id
    for key in (first, second):
        assert await verifier.find(key.key_id) is not None

    clock.advance(minutes=20)
    async with database.transaction() as session:
        await keys.maintain(session, context.vault, clock())
    assert await verifier.find(first.key_id) is None
    await database.close()


async def test_a_key_takes_its_turn_by_itself(fresh: Settings, context: Context, clock: MovableClock) -> None:
    database = Database(fresh.database_url, pool_size=1)
    store = KeyStore(database, context.vault, clock)
    first, following = await store.keys()
    clock.advance(days=30)
    assert (await store.signing()).key_id == following.key_id
    async with database.transaction() as session:
        await keys.maintain(session, context.vault, clock())
    clock.advance(minutes=2)
    assert len(await store.keys()) == 3
    assert await store.find(first.key_id) is not None
    await database.close()


async def test_an_unknown_key_does_not_make_identity_read_again(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    await context.signer.keys.keys()
    reads: list[int] = []
    monkeypatch.setattr(keys, "keys_of", lambda *_: reads.append(1))
    assert [await context.signer.keys.find(f"k{n}") for n in range(1000)] == [None] * 1000
    assert reads == []


async def test_a_private_key_is_sealed(fresh: Settings, context: Context) -> None:
    database = Database(fresh.database_url, pool_size=1)
    key = await KeyStore(database, context.vault, context.clock).signing()
    async with database.transaction() as session:
        stored = b"".join(await session.scalars(text("SELECT private_key FROM signing_keys")))
    assert key.private.private_bytes_raw() not in stored
    assert key.private.private_bytes_raw().hex().encode() not in stored
    await database.close()
