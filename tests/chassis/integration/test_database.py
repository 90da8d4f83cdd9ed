"""Transactions, types, conflicts and migrations against a real server."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from chassis.database import Database, UtcDateTime, engine, is_conflict, migrate, retry_conflicts

MOMENTS = Table("moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
TEHRAN = timezone(timedelta(hours=3, minutes=30))


@pytest.fixture
async def tables(database: Database) -> AsyncIterator[None]:
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE moments (id int PRIMARY KEY, at timestamptz)"))
        await session.execute(text("CREATE TABLE scales (id int PRIMARY KEY, weight int NOT NULL)"))
        await session.execute(text("INSERT INTO scales VALUES (1, 0), (2, 0)"))
    yield
    async with database.transaction() as session:
        await session.execute(text("DROP TABLE moments, scales"))


@pytest.mark.usefixtures("tables")
async def test_a_naive_datetime_is_not_stored(database: Database) -> None:
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 what is refused
    async with database.transaction() as session:
        with pytest.raises(StatementError, match="naive"):
            await session.execute(insert(MOMENTS).values(id=1, at=naive))


@pytest.mark.usefixtures("tables")
async def test_a_moment_comes_back_in_utc(database: Database) -> None:
    at = datetime(2026, 11, 22, 11, 30, tzinfo=TEHRAN)
    async with database.transaction() as session:
        await session.execute(insert(MOMENTS), [{"id": 1, "at": at}, {"id": 2, "at": None}])
        first, second = (await session.scalars(select(MOMENTS.c.at).order_by(MOMENTS.c.id))).all()
    assert first == at
    assert first.tzinfo is UTC
    assert second is None


@pytest.mark.usefixtures("tables")
async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            await session.execute(text("UPDATE scales SET weight = 7"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT sum(weight) FROM scales")) == 0


@pytest.mark.usefixtures("tables")
async def test_an_error_of_the_database_does_not_tell_the_parameters(database: Database) -> None:
    with pytest.raises(DBAPIError) as failure:
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO scales VALUES (:id, :w)"), {"id": 1, "w": 987_654_321})
    assert "987654321" not in str(failure.value)


class Crossing:
    """Two transactions that add to the same two rows in opposite orders: the first try is a deadlock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._met = asyncio.Barrier(2)
        self.tries = 0

    async def add(self, first: int, second: int) -> None:
        self.tries += 1
        meets = self.tries <= 2
        async with self._database.transaction() as session:
            await session.execute(text("UPDATE scales SET weight = weight + 1 WHERE id = :id"), {"id": first})
            if meets:
                await self._met.wait()
            await session.execute(
                text("UPDATE scales SET weight = weight + 1 WHERE id = :id"), {"id": second}
            )


@pytest.mark.usefixtures("tables")
async def test_the_loser_of_a_deadlock_runs_again(database: Database) -> None:
    crossing = Crossing(database)
    add = retry_conflicts(crossing.add)
    await asyncio.gather(add(1, 2), add(2, 1))
    async with database.transaction() as session:
        assert (await session.scalars(text("SELECT weight FROM scales"))).all() == [2, 2]
    assert crossing.tries == 3


@pytest.mark.usefixtures("tables")
async def test_a_deadlock_is_a_conflict_for_who_does_not_retry(database: Database) -> None:
    crossing = Crossing(database)
    outcomes = await asyncio.gather(crossing.add(1, 2), crossing.add(2, 1), return_exceptions=True)
    (failure,) = (outcome for outcome in outcomes if outcome is not None)
    assert isinstance(failure, DBAPIError)
    assert is_conflict(failure)


async def test_a_conflict_that_lasts_is_raised_after_four_tries(database: Database) -> None:
    tries = 0

    @retry_conflicts
    async def lose() -> None:
        nonlocal tries
        tries += 1
        async with database.transaction() as session:
            await session.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

    with pytest.raises(DBAPIError) as failure:
        await lose()
    assert is_conflict(failure.value)
    assert tries == 4


async def test_another_failure_is_not_tried_again(database: Database) -> None:
    tries = 0

    @retry_conflicts
    async def fail() -> None:
        nonlocal tries
        tries += 1
        async with database.transaction() as session:
            await session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError):
        await fail()
    assert tries == 1


REVISION = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "cars_0001", None, ("cars",), "chassis_0002"
def upgrade():
    op.execute("CREATE TABLE cars (id int PRIMARY KEY)")
    op.execute("SELECT pg_sleep(0.3)")
"""
MIGRATE = """
import asyncio, sys
from pathlib import Path
from chassis.database import migrate
asyncio.run(migrate(sys.argv[1], Path(sys.argv[2])))
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    (tmp_path / "0001_cars.py").write_text(REVISION)
    return tmp_path


async def test_processes_that_migrate_at_once_do_it_once(
    make_database: Callable[[str], str], versions: Path
) -> None:
    url = make_database("migrated_at_once")
    program = (sys.executable, "-c", MIGRATE, url, str(versions))
    processes = [await asyncio.create_subprocess_exec(*program) for _ in range(2)]
    assert [await process.wait() for process in processes] == [0, 0]
    assert await head_of_cars(url) == ["cars_0001"]


async def test_migrating_again_changes_nothing(make_database: Callable[[str], str], versions: Path) -> None:
    url = make_database("migrated_again")
    await migrate(url, versions)
    await migrate(url, versions)
    assert await head_of_cars(url) == ["cars_0001"]


async def test_a_failed_migration_leaves_the_version_before(
    make_database: Callable[[str], str], versions: Path
) -> None:
    url = make_database("migrated_halfway")
    broken = REVISION.replace("cars_0001", "cars_0002").replace('", None, ("cars",)', '", "cars_0001", None')
    (versions / "0002_broken.py").write_text(
        broken.replace("CREATE TABLE cars", "CREATE TABLE vans") + "    1 / 0\n"
    )
    with pytest.raises(ZeroDivisionError):
        await migrate(url, versions)
    assert await head_of_cars(url) == ["cars_0001"]
    (versions / "0002_broken.py").unlink()
    await migrate(url, versions)


async def head_of_cars(url: str) -> list[str]:
    database = Database(url)
    async with database.transaction() as session:
        versions = list(
            await session.scalars(
                text("SELECT version_num FROM alembic_version WHERE starts_with(version_num, 'cars')")
            )
        )
        assert await session.scalar(text("SELECT to_regclass('vans') IS NULL"))
    await database.close()
    return versions


async def test_connections_that_died_while_they_rested_are_replaced_unnoticed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ASKED_AFTER", 0)
    await asyncio.gather(*(database.ping() for _ in range(8)))
    async with database.transaction() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    await asyncio.gather(*(database.ping() for _ in range(8)))
