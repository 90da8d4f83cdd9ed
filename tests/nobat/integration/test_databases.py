"""A database for each service, an account that has it and one that works in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from nobat import databases
from nobat.databases import Found, NoAdministrator
from nobat.secret_store import MAKERS, Secrets
from nobat.servers.ports import free_port
from nobat.servers.postgres import Postgres

SECRETS = Secrets({name: make() for name, make in MAKERS.items()})


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


@pytest.fixture
async def found(postgres: Postgres) -> Found:
    return await databases.create(postgres.url(), ["one", "other"], SECRETS)


@asynccontextmanager
async def entered(url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(plain(url))
    yield connection
    await connection.close()


async def test_the_owner_makes_tables_and_the_service_works_in_them(found: Found) -> None:
    async with entered(found.owners["one"]) as owner:
        await owner.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (id serial, name text)")
    async with entered(found.services["one"]) as service:
        assert await service.fetchval("SELECT current_user") == "nobat_one"
        await service.execute("INSERT INTO kept (name) VALUES ('a'); UPDATE kept SET name = 'b'")
        assert await service.fetchval("SELECT name FROM kept") == "b"
        await service.execute("DELETE FROM kept; CREATE TEMPORARY TABLE passing (id int)")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "ALTER TABLE owned ADD COLUMN more int",
        "DROP TABLE owned",
        "TRUNCATE owned",
        "ALTER TABLE owned DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SET ROLE nobat_one_owner",
        "CREATE ROLE intruder",
        "CREATE DATABASE intruder",
    ],
)
async def test_a_service_may_change_rows_only(found: Found, statement: str) -> None:
    async with entered(found.owners["one"]) as owner:
        await owner.execute("CREATE TABLE IF NOT EXISTS owned (id int)")
    async with entered(found.services["one"]) as service:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)


@pytest.mark.parametrize("whose", ["services", "owners"])
async def test_an_account_cannot_enter_anothers_database(found: Found, whose: str) -> None:
    trespassing = plain(getattr(found, whose)["one"]).rpartition("/")[0] + "/nobat_other"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(trespassing)


async def test_an_owner_may_make_neither_accounts_nor_databases(found: Found) -> None:
    connection = await asyncpg.connect(plain(found.owners["one"]))
    for statement in ("CREATE ROLE intruder", "CREATE DATABASE intruder"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_a_database_that_its_service_had_is_handed_to_an_owner(postgres: Postgres) -> None:
    postgres.sql("CREATE ROLE nobat_former LOGIN PASSWORD 'former'")
    postgres.sql("CREATE DATABASE nobat_former OWNER nobat_former")
    async with entered(postgres.dsn("nobat_former")) as administrator:
        await administrator.execute(
            "SET ROLE nobat_former; CREATE TABLE kept (id serial); INSERT INTO kept DEFAULT VALUES"
        )
    found = await databases.create(postgres.url(), ["former"], SECRETS)
    async with entered(found.services["former"]) as service:
        await service.execute("INSERT INTO kept DEFAULT VALUES")
        assert await service.fetchval("SELECT count(*) FROM kept") == 2
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute("DROP TABLE kept")
    async with entered(found.owners["former"]) as owner:
        await owner.execute("ALTER TABLE kept ADD COLUMN more int")


async def test_who_may_not_make_databases_is_refused(found: Found) -> None:
    with pytest.raises(NoAdministrator, match="must be able to create databases"):
        await databases.create(found.owners["one"], ["third"], SECRETS)


async def test_a_server_that_is_not_there_is_a_refusal() -> None:
    nowhere = f"postgresql+asyncpg://nobody:x@127.0.0.1:{free_port()}/postgres"
    with pytest.raises(NoAdministrator, match="does not let us in"):
        await databases.create(nowhere, ["one"], SECRETS)


async def test_making_them_again_changes_nothing(found: Found, postgres: Postgres) -> None:
    async with entered(found.owners["one"]) as owner:
        await owner.execute("CREATE TABLE IF NOT EXISTS added_to (id int)")
        await owner.execute("REVOKE DELETE ON added_to FROM nobat_one")
    assert await databases.create(postgres.url(), ["one", "other"], SECRETS) == found
    async with entered(found.services["one"]) as service:
        assert await service.fetchval("SELECT count(*) FROM added_to") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute("DELETE FROM added_to")
