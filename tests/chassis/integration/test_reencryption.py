"""Values move under a new key while their rows go on changing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.crypto import Keyring, key_name, new_key
from chassis.database import Database, migrate
from chassis.keys import holders, reencryption
from chassis.keys.columns import PLAIN, SealedTable, count_by_key, sealed_tables
from chassis.keys.holders import KeyWatch, living
from chassis.keys.reencryption import Reencryption
from chassis.testing.eventually import eventually

OLD, NEW = new_key(), new_key()
PEOPLE = 57


class Base(DeclarativeBase):
    metadata = MetaData()


class Person(Base):
    __tablename__ = "sealed_people"

    town: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[bytes]
    nickname: Mapped[bytes | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary, info={PLAIN: "nothing"})


class Town(Base):
    __tablename__ = "sealed_towns"

    name: Mapped[str] = mapped_column(primary_key=True)


(TABLE,) = sealed_tables(Base.metadata)
OLD_RING = Keyring.parse(f"k1:{OLD}")
BOTH_RINGS = Keyring.parse(f"k2:{NEW},k1:{OLD}")


@pytest.fixture
async def database(make_database: Callable[[str], str]) -> AsyncIterator[Database]:
    url = make_database("reencryption")
    await migrate(url, Path(__file__).parent / "no_versions_of_its_own")
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.transaction() as session:
        session.add_all(person(number) for number in range(PEOPLE))
    yield database
    await database.close()


def person(number: int) -> Person:
    return Person(
        town="ab"[number % 2],
        number=number,
        name=OLD_RING.seal(f"name {number}".encode(), "sealed_people.name"),
        nickname=OLD_RING.seal(b"nick", "sealed_people.nickname") if number % 3 else None,
        digest=b"\x02k1 is not sealed",
    )


async def all_of(database: Database) -> list[Person]:
    async with database.transaction() as session:
        found = await session.execute(text("SELECT * FROM sealed_people ORDER BY number"))
        return [Person(**row) for row in found.mappings()]


async def counts(database: Database) -> dict[str, int]:
    async with database.transaction() as session:
        return await count_by_key(session, TABLE)


async def finish(work: Reencryption) -> None:
    while await work.run():
        pass


def test_sealed_columns_are_the_binary_ones_that_do_not_say_otherwise() -> None:
    assert [column.name for column in TABLE.columns] == ["name", "nickname"]
    assert TABLE.place(TABLE.columns[0]) == "sealed_people.name"


async def test_everything_is_under_the_new_key_and_says_the_same(database: Database) -> None:
    nicknames = sum(1 for number in range(PEOPLE) if number % 3)
    assert await counts(database) == {"k1": PEOPLE + nicknames}

    await finish(Reencryption(database, BOTH_RINGS, [TABLE], batch=10))

    assert await counts(database) == {"k2": PEOPLE + nicknames}
    only_new = Keyring.parse(f"k2:{NEW}")
    for number, found in enumerate(await all_of(database)):
        assert only_new.open(found.name, "sealed_people.name") == f"name {number}".encode()
        assert (found.nickname is None) == (number % 3 == 0)
        assert found.digest == b"\x02k1 is not sealed"


async def test_with_one_key_there_is_nothing_to_do(database: Database) -> None:
    assert not await Reencryption(database, OLD_RING, [TABLE]).run()
    assert await progress(database) == []


async def progress(database: Database) -> list[tuple[int, bool]]:
    """(rewritten, finished) of each table."""
    async with database.transaction() as session:
        rows = await session.execute(text("SELECT rewritten, finished_at IS NOT NULL FROM reencryptions"))
        return [(rewritten, finished) for rewritten, finished in rows]


async def test_a_row_that_changed_since_it_was_read_is_not_overwritten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, edited = reencryption._write, Keyring.parse(f"k1:{OLD}").seal(b"edited", "sealed_people.name")

    async def edit_first(session: AsyncSession, sealed: SealedTable, batch: reencryption.Batch) -> int:
        monkeypatch.setattr(reencryption, "_write", write)
        async with database.transaction() as other:
            await other.execute(
                text("UPDATE sealed_people SET name = :name WHERE number = 4"), {"name": edited}
            )
        return await write(session, sealed, batch)

    monkeypatch.setattr(reencryption, "_write", edit_first)
    await finish(Reencryption(database, BOTH_RINGS, [TABLE], batch=10))

    changed = (await all_of(database))[4]
    assert BOTH_RINGS.open(changed.name, "sealed_people.name") == b"edited"
    assert set(await counts(database)) == {"k2"}


async def test_a_walk_goes_on_where_the_last_process_ended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reencryption, "RUN_SECONDS", 0)
    for _ in range(3):
        assert await Reencryption(database, BOTH_RINGS, [TABLE], batch=5).run()
    half = sum(key_name(found.name) == "k2" for found in await all_of(database))
    assert half == 15

    await finish(Reencryption(database, BOTH_RINGS, [TABLE], batch=5))

    assert await progress(database) == [(PEOPLE, True)]


async def test_two_processes_at_once_do_no_harm(database: Database) -> None:
    works = [Reencryption(database, BOTH_RINGS, [TABLE], batch=3) for _ in range(4)]
    await asyncio.gather(*map(finish, works))
    assert set(await counts(database)) == {"k2"}


async def test_what_does_not_open_is_left_alone_and_counted(database: Database) -> None:
    foreign = Keyring.parse(f"k1:{new_key()}").seal(b"lost", "sealed_people.name")
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE sealed_people SET name = :name WHERE number = 7"), {"name": foreign}
        )

    await finish(Reencryption(database, BOTH_RINGS, [TABLE], batch=10))

    assert (await all_of(database))[7].name == foreign
    assert (await counts(database))["k1"] == 1
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT unreadable FROM reencryptions")) == 1


async def test_a_process_says_which_keys_it_has_until_it_ends(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holders, "FRESH_SECONDS", 0.01)
    file = tmp_path / "data"
    file.write_text(f"k1:{OLD}\n")
    ring = Keyring.parse(f"file:{file}")

    async def said() -> list[tuple[str, list[str]]]:
        async with database.transaction() as session:
            return [(holder.sealing, [*holder.opening]) for holder in await living(session, "data")]

    async with KeyWatch(database, {"data": ring}):
        await eventually(said, lambda found: found == [("k1", ["k1"])])
        file.write_text(f"k2:{NEW}\nk1:{OLD}\n")
        await eventually(said, lambda found: found == [("k2", ["k2", "k1"])])
    assert await said() == []
