"""A storm of logins: a few hashes at a time, beside the event loop."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from argon2 import PasswordHasher

from chassis.testing.eventually import eventually
from identity.config import Settings
from identity.context import Context
from identity.testing import Api, form, log_in

LOGINS = 50


class HeldHashing:
    """The real hashing function, which waits until it is ``released``; ``at_work`` counts its threads."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.begun = self.at_work = self.most_at_work = 0
        self._lock = threading.Lock()

    @contextmanager
    def working(self) -> Iterator[None]:
        assert threading.current_thread() is not threading.main_thread()
        with self._lock:
            self.begun += 1
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        self.released.wait()
        try:
            yield
        finally:
            with self._lock:
                self.at_work -= 1


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldHashing]:
    held, verify = HeldHashing(), PasswordHasher.verify

    def watched(hasher: PasswordHasher, *given: str) -> bool:
        with held.working():
            return verify(hasher, *given)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    yield held
    held.released.set()


async def test_fifty_logins_hash_a_few_at_a_time_and_the_service_answers_meanwhile(
    api: Api, client: httpx.AsyncClient, context: Context, settings: Settings, held: HeldHashing
) -> None:
    async def in_hand_and_at_work() -> tuple[int, int]:
        return context.hashing._in_hand, held.at_work

    logins = [asyncio.ensure_future(log_in(api, form())) for _ in range(LOGINS)]
    full = LOGINS, settings.hash_workers
    await eventually(in_hand_and_at_work, lambda both: both == full, within=20)

    assert (await client.get("/livez")).status_code == 200
    assert not any(login.done() for login in logins)

    held.released.set()
    answers = await asyncio.gather(*logins)
    assert Counter(answer.status_code for answer in answers) == {401: LOGINS}
    assert (held.begun, held.most_at_work) == (LOGINS, settings.hash_workers)
