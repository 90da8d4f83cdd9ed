"""The list of ended sessions, as those who check access tokens keep it."""

from uuid import UUID, uuid4

import pytest
import structlog

from chassis.auth import TokenVerifier
from chassis.config import ServiceSettings
from chassis.ended_sessions import READ_EVERY, EndedSessions, ListUnavailable, session_ids
from chassis.errors import SessionEnded
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys

STATED_LAG = 12
LONGEST_READING = 2
"""Seconds, as services and the gateway open the client that reads the list."""


class Published:
    """What identity would answer: a list, or nothing at all."""

    def __init__(self) -> None:
        self.ids: set[UUID] | None = set()
        self.asked = 0

    async def read(self) -> set[UUID]:
        self.asked += 1
        if self.ids is None:
            raise ListUnavailable("down")
        return self.ids


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def ended(published: Published) -> EndedSessions:
    return EndedSessions(published, every=3600)


async def test_a_token_that_passed_is_refused_once_its_session_is_on_the_list(
    published: Published, ended: EndedSessions
) -> None:
    keys = TestKeys()
    verifier = TokenVerifier(keys, ended=ended)
    token = keys.token(uuid4())
    principal = await verifier.verify(token)

    published.ids = {principal.session}
    await ended.read()

    with pytest.raises(SessionEnded):
        await verifier.verify(token)
    with pytest.raises(SessionEnded):
        await TokenVerifier(keys, ended=ended).verify(token)
    assert await verifier.verify(keys.token(uuid4()))


async def test_a_token_is_refused_after_the_next_reading_in_the_background(published: Published) -> None:
    keys = TestKeys()
    async with TokenVerifier(keys, ended=EndedSessions(published, every=0)) as verifier:
        token = keys.token(uuid4())
        principal = await verifier.verify(token)

        published.ids = {principal.session}
        await next_reading(published)

        with pytest.raises(SessionEnded):
            await verifier.verify(token)


async def next_reading(published: Published) -> None:
    """Until one has begun and ended from now on: the second from here begins when the first is over."""
    before = published.asked

    async def asked() -> int:
        return published.asked

    await eventually(asked, lambda times: times >= before + 2, within=10, every=0)


def test_an_ended_session_is_known_within_the_stated_time() -> None:
    """``docs/decisions/0008``: a reading may take as long as its client waits."""
    assert ServiceSettings.model_fields["ended_sessions_every"].default == READ_EVERY
    assert READ_EVERY + LONGEST_READING <= STATED_LAG


async def test_the_last_list_stays_while_identity_does_not_answer(
    published: Published, ended: EndedSessions
) -> None:
    gone = uuid4()
    published.ids = {gone}
    await ended.read()
    published.ids = None
    with structlog.testing.capture_logs() as logs:
        await ended.read()
        await ended.read()
    assert ended.ids == {gone}
    assert [entry["event"] for entry in logs] == ["auth.ended_sessions.unavailable"]

    published.ids = set()
    await ended.read()
    assert ended.ids == set()


async def test_checking_tokens_never_asks_for_the_list(published: Published, ended: EndedSessions) -> None:
    keys = TestKeys()
    verifier = TokenVerifier(keys, ended=ended)
    token = keys.token(uuid4())
    for _ in range(100):
        await verifier.verify(token)
    assert published.asked == 0


async def test_an_opened_verifier_has_the_list_read_and_ends_with_it(
    published: Published, ended: EndedSessions
) -> None:
    published.ids = {uuid4()}
    async with TokenVerifier(TestKeys(), ended=ended):
        await ended.read()
    assert ended.ids == published.ids


def test_a_document_is_read_by_its_session_ids() -> None:
    session_id = uuid4()
    assert session_ids({"sessions": [str(session_id)]}) == {session_id}


@pytest.mark.parametrize("document", [{}, [], None, {"sessions": ["x"]}, {"sessions": [1]}, {"sessions": 1}])
def test_a_document_that_is_no_list_is_refused(document: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        session_ids(document)
