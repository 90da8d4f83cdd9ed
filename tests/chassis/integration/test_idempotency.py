"""One effect and one answer for all requests of one key, whatever happens at the same time."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency
from chassis.database import Database
from chassis.idempotency import IdempotencyKeyReused, once


class Wish(BaseModel):
    colour: str = "white"


class Granted(BaseModel):
    number: int


@pytest.fixture
async def wishes(database: Database) -> AsyncIterator[None]:
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE wishes (number serial PRIMARY KEY)"))
    yield
    async with database.transaction() as session:
        await session.execute(text("DROP TABLE wishes"))
        await session.execute(text("TRUNCATE idempotency_keys"))


pytestmark = pytest.mark.usefixtures("wishes")


async def grant(session: AsyncSession) -> Granted:
    number = await session.scalar(text("INSERT INTO wishes DEFAULT VALUES RETURNING number"))
    return Granted(number=number or 0)


async def ask(
    database: Database, key: str | None, *, scope: str = "buyer wish", wish: Wish | None = None
) -> Granted:
    async with database.transaction() as session:
        return await once(session, key, scope, wish or Wish(), Granted, lambda: grant(session))


async def count(database: Database, table: str) -> int:
    async with database.transaction() as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 a name of ours


async def test_fifty_twins_at_once_have_one_effect_and_one_answer(database: Database) -> None:
    answers = await asyncio.gather(*(ask(database, "one-key-of-fifty") for _ in range(50)))
    assert len({answer.number for answer in answers}) == 1
    assert await count(database, "wishes") == 1


async def test_a_later_twin_gets_the_first_answer(database: Database) -> None:
    first = await ask(database, "once-and-again")
    assert await ask(database, "once-and-again") == first


async def test_another_request_under_the_same_key_is_refused(database: Database) -> None:
    await ask(database, "same-key", wish=Wish(colour="white"))
    with pytest.raises(IdempotencyKeyReused):
        await ask(database, "same-key", wish=Wish(colour="black"))
    assert await count(database, "wishes") == 1


async def test_of_two_requests_at_once_under_one_key_one_is_refused(database: Database) -> None:
    asked = (ask(database, "contested-key", wish=Wish(colour=str(number))) for number in range(20))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(outcome, Granted) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, IdempotencyKeyReused) for outcome in outcomes) == 19
    assert await count(database, "wishes") == 1


async def test_a_failed_action_leaves_nothing_and_may_be_tried_again(database: Database) -> None:
    async def fail() -> Granted:
        raise LookupError

    with pytest.raises(LookupError):
        async with database.transaction() as session:
            await once(session, "failing-key", "buyer wish", Wish(), Granted, fail)
    assert await count(database, "idempotency_keys") == 0
    await ask(database, "failing-key", wish=Wish(colour="another"))
    assert await count(database, "wishes") == 1


async def test_a_twin_waits_for_the_first_and_takes_over_when_that_fails(database: Database) -> None:
    started, fail = asyncio.Event(), asyncio.Event()

    async def first() -> Granted:
        started.set()
        await fail.wait()
        raise LookupError

    async def failing() -> None:
        async with database.transaction() as session:
            await once(session, "waiting-key", "buyer wish", Wish(), Granted, first)

    failing_one = asyncio.create_task(failing())
    await started.wait()
    twins = [asyncio.create_task(ask(database, "waiting-key")) for _ in range(5)]
    done, _ = await asyncio.wait(twins, timeout=0.2)
    assert not done
    fail.set()
    with pytest.raises(LookupError):
        await failing_one
    assert len({answer.number for answer in await asyncio.gather(*twins)}) == 1
    assert await count(database, "wishes") == 1


async def test_scopes_are_apart(database: Database) -> None:
    ours = await ask(database, "shared-key", scope="one wish")
    theirs = await ask(database, "shared-key", scope="other wish", wish=Wish(colour="black"))
    assert ours != theirs


async def test_without_a_key_every_request_counts(database: Database) -> None:
    assert await ask(database, None) != await ask(database, None)
    assert await count(database, "idempotency_keys") == 0


async def test_old_keys_are_forgotten_and_young_ones_kept(database: Database) -> None:
    await ask(database, f"old-{uuid4()}")
    async with database.transaction() as session:
        await session.execute(text("UPDATE idempotency_keys SET created_at = now() - interval '49 hours'"))
    await ask(database, "young-key")
    async with database.transaction() as session:
        await idempotency.forget(session)
        assert (await session.scalars(text("SELECT key FROM idempotency_keys"))).all() == ["young-key"]
