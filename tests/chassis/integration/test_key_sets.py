"""Identity's published keys over HTTP: turned, unknown, gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from itertools import pairwise
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from chassis.auth import JwksKeys, KeysUnavailable, TokenVerifier
from chassis.http import new_client
from chassis.signed_token import InvalidToken
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys


class KeySet:
    """An HTTP server with a document that tests change; counts the requests."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""
        self.requests = 0
        self.url = ""

    def publish(self, keys: Iterable[TestKeys], *others: object) -> None:
        self.status = 200
        self.body = json.dumps({"keys": [*(jwk(key) for key in keys), *others]}).encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        head = f"HTTP/1.1 {self.status} -\r\ncontent-length: {len(self.body)}\r\nconnection: close\r\n"
        writer.write(f"{head}content-type: application/json\r\n\r\n".encode() + self.body)
        await writer.drain()
        writer.close()


def jwk(keys: TestKeys) -> dict[str, object]:
    published = json.loads(OKPAlgorithm.to_jwk(keys.private_key.public_key()))
    return {**published, "kid": keys.key_id, "use": "sig"}


def key_named(name: str, clock: MovableClock) -> TestKeys:
    keys = TestKeys(clock)
    keys.key_id = name
    return keys


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def key_set() -> AsyncIterator[KeySet]:
    key_set = KeySet()
    server = await asyncio.start_server(key_set.answer, "127.0.0.1")
    key_set.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    yield key_set
    server.close()
    await server.wait_closed()


@pytest.fixture
async def verifier(key_set: KeySet, clock: MovableClock) -> AsyncIterator[TokenVerifier]:
    async with new_client(timeout=5) as client:
        yield TokenVerifier(JwksKeys(key_set.url, client, clock=clock), clock=clock)


async def test_the_keys_are_fetched_once(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    first, second = key_named("first", clock), key_named("second", clock)
    key_set.publish([first, second])
    tokens = [keys.token(uuid4()) for keys in (first, second) for _ in range(20)]
    await asyncio.gather(*(verifier.verify(token) for token in tokens))
    assert key_set.requests == 1


async def test_a_thousand_unknown_key_ids_ask_once_a_minute(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    known = key_named("known", clock)
    key_set.publish([known])
    await verifier.verify(known.token(uuid4()))
    clock.advance(seconds=60)
    strangers = [key_named(uuid4().hex, clock).token(uuid4()) for _ in range(1000)]
    for number, token in enumerate(strangers):
        if number == 999:
            clock.advance(seconds=59)
        with pytest.raises(InvalidToken):
            await verifier.verify(token)
    assert key_set.requests == 2
    clock.advance(seconds=1)
    with pytest.raises(InvalidToken):
        await verifier.verify(strangers[0])
    assert key_set.requests == 3
    await verifier.verify(known.token(uuid4()))


async def test_a_turned_key_is_picked_up_and_none_is_refused_meanwhile(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    generations = [key_named(f"key-{number}", clock) for number in range(5)]
    for old, new in pairwise(generations):
        key_set.publish([old, new])
        clock.advance(seconds=61)
        tokens = [(old, new)[number % 2].token(uuid4()) for number in range(50)]
        await asyncio.gather(*(verifier.verify(token) for token in tokens))


async def test_a_withdrawn_key_is_forgotten_at_the_next_fetch(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    old, new = key_named("old", clock), key_named("new", clock)
    key_set.publish([old])
    await verifier.verify(old.token(uuid4()))
    key_set.publish([new])
    clock.advance(seconds=61)
    await verifier.verify(new.token(uuid4()))
    with pytest.raises(InvalidToken):
        await verifier.verify(old.token(uuid4()))


async def test_nobody_passes_while_the_keys_cannot_be_had(clock: MovableClock) -> None:
    async with new_client(timeout=5) as client:
        verifier = TokenVerifier(JwksKeys("http://127.0.0.1:1/", client, clock=clock), clock=clock)
        for _ in range(3):
            with pytest.raises(KeysUnavailable):
                await verifier.verify(TestKeys(clock).token(uuid4()))
            clock.advance(seconds=1)


BROKEN = [b"", b"null", b"[]", b"{}", b'{"keys": null}', b'{"keys": 1}', b"<html>", b"\xff\xfe", b'"keys"']


@pytest.mark.parametrize("body", BROKEN)
async def test_a_document_that_is_no_key_set_lets_nobody_pass(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock, body: bytes
) -> None:
    key_set.body = body
    with pytest.raises(KeysUnavailable):
        await verifier.verify(TestKeys(clock).token(uuid4()))


@pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
async def test_a_failing_source_lets_nobody_pass_but_those_it_knew(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock, status: int
) -> None:
    known, unknown = key_named("known", clock), key_named("unknown", clock)
    key_set.publish([known])
    await verifier.verify(known.token(uuid4()))
    key_set.publish([known, unknown])
    key_set.status = status
    clock.advance(seconds=60)
    with pytest.raises(KeysUnavailable):
        await verifier.verify(unknown.token(uuid4()))
    await verifier.verify(known.token(uuid4()))


async def test_a_failing_source_is_spared_and_asked_again_a_second_later(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    keys = key_named("known", clock)
    key_set.status = 503
    for _ in range(1000):
        with pytest.raises(KeysUnavailable):
            await verifier.verify(keys.token(uuid4()))
    assert key_set.requests == 1
    key_set.publish([keys])
    clock.advance(seconds=1)
    await verifier.verify(keys.token(uuid4()))


async def test_keys_of_other_kinds_are_passed_over(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    good = key_named("good", clock)
    private = {**json.loads(OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate())), "kid": "private"}
    rsa = {**json.loads(RSAAlgorithm.to_jwk(generate_private_key(65537, 2048).public_key())), "kid": "rsa"}
    shared = {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}
    broken = {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "broken"}
    nameless = jwk(good) | {"kid": None}
    key_set.publish([good], private, rsa, shared, broken, nameless, {}, None, "key", [])
    await verifier.verify(good.token(uuid4()))
    for name in ("private", "rsa", "shared", "broken"):
        with pytest.raises(InvalidToken):
            await verifier.verify(key_named(name, clock).token(uuid4()))


async def test_a_published_public_key_is_no_shared_secret(
    verifier: TokenVerifier, key_set: KeySet, clock: MovableClock
) -> None:
    keys = key_named("known", clock)
    key_set.publish([keys])
    headers = {"kid": keys.key_id, "typ": "at+jwt"}
    raw = keys.private_key.public_key().public_bytes_raw()
    forged = jwt.encode({"sub": str(uuid4())}, raw, algorithm="HS256", headers=headers)
    with pytest.raises(InvalidToken):
        await verifier.verify(forged)
    assert key_set.requests == 0
