"""What a transaction that records an event tells the relay beside it."""

from collections.abc import AsyncIterator

import pytest

from chassis.database import Database
from chassis.messaging import outbox
from chassis.testing.events import happened


@pytest.fixture
async def recording(service_url: str) -> AsyncIterator[Database]:
    database = Database(service_url)
    yield database
    await database.close()


async def test_a_commit_tells_that_something_was_recorded(recording: Database) -> None:
    async with recording.transaction() as session:
        await outbox.record(session, happened())
        assert not recording.recorded.is_set()
    assert recording.recorded.is_set()


async def test_neither_a_rollback_nor_a_transaction_without_events_does(recording: Database) -> None:
    async def fail() -> None:
        async with recording.transaction() as session:
            await outbox.record(session, happened())
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    await recording.ping()
    async with recording.transaction() as session:
        await outbox.record(session)
    assert not recording.recorded.is_set()
