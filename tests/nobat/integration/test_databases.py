"""A database and an account for each service."""

import asyncpg
import pytest

from nobat import databases
from nobat.databases import NoAdministrator
from nobat.secret_store import MAKERS, Secrets
from nobat.servers.ports import free_port
from nobat.servers.postgres import Postgres

SECRETS = Secrets({name: make() for name, make in MAKERS.items()})


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


@pytest.fixture
async def urls(postgres: Postgres) -> dict[str, str]:
    return await databases.create(postgres.url(), ["one", "other"], SECRETS)


async def test_an_account_owns_its_own_database(urls: dict[str, str]) -> None:
    connection = await asyncpg.connect(plain(urls["one"]))
    await connection.execute("CREATE TABLE kept (id int); DROP TABLE kept")
    assert await connection.fetchval("SELECT current_user") == "nobat_one"
    await connection.close()


async def test_an_account_cannot_enter_anothers_database(urls: dict[str, str]) -> None:
    trespassing = plain(urls["one"]).rpartition("/")[0] + "/nobat_other"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(trespassing)


async def test_an_account_may_make_neither_accounts_nor_databases(urls: dict[str, str]) -> None:
    connection = await asyncpg.connect(plain(urls["one"]))
    for statement in ("CREATE ROLE intruder", "CREATE DATABASE intruder"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_who_may_not_make_databases_is_refused(urls: dict[str, str]) -> None:
    with pytest.raises(NoAdministrator, match="must be able to create databases"):
        await databases.create(urls["one"], ["third"], SECRETS)


async def test_a_server_that_is_not_there_is_a_refusal() -> None:
    nowhere = f"postgresql+asyncpg://nobody:x@127.0.0.1:{free_port()}/postgres"
    with pytest.raises(NoAdministrator, match="does not let us in"):
        await databases.create(nowhere, ["one"], SECRETS)


async def test_making_them_again_changes_nothing(urls: dict[str, str], postgres: Postgres) -> None:
    connection = await asyncpg.connect(plain(urls["one"]))
    await connection.execute("CREATE TABLE IF NOT EXISTS left_alone (id int)")
    assert await databases.create(postgres.url(), ["one", "other"], SECRETS) == urls
    assert await connection.fetchval("SELECT count(*) FROM left_alone") == 0
    await connection.close()
