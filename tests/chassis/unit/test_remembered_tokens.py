"""A token that passed is remembered for its time, and no other."""

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chassis.auth import TokenVerifier
from chassis.signed_token import InvalidToken
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys


class CountingKeys(TestKeys):
    """Counts how often it is asked."""

    asked = 0

    async def find(self, key_id: str) -> Ed25519PublicKey | None:
        self.asked += 1
        return await super().find(key_id)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def keys(clock: MovableClock) -> CountingKeys:
    return CountingKeys(clock)


async def test_a_remembered_token_expires_too(keys: CountingKeys, clock: MovableClock) -> None:
    verifier, token = TokenVerifier(keys, clock=clock), keys.token(uuid4(), lifetime=600)
    for _ in range(10):
        await verifier.verify(token)
    assert keys.asked == 1
    clock.advance(seconds=600)
    for _ in range(2):
        with pytest.raises(InvalidToken):
            await verifier.verify(token)


async def test_no_more_tokens_are_remembered_than_allowed(keys: CountingKeys, clock: MovableClock) -> None:
    verifier = TokenVerifier(keys, clock=clock, remembered=2)
    tokens = [keys.token(uuid4()) for _ in range(3)]
    for token in tokens:
        await verifier.verify(token)
    await verifier.verify(tokens[2])
    assert keys.asked == 3
    await verifier.verify(tokens[0])
    assert keys.asked == 4


async def test_a_refused_token_is_not_remembered(keys: CountingKeys, clock: MovableClock) -> None:
    verifier, forged = TokenVerifier(keys, clock=clock), TestKeys(clock).token(uuid4())
    for _ in range(3):
        with pytest.raises(InvalidToken):
            await verifier.verify(forged)
    assert keys.asked == 3
