"""One database and one account for each service, at a private or a given PostgreSQL."""

from collections.abc import Iterable

import asyncpg

from nobat.refusal import Refusal
from nobat.secret_store import Secrets

BROKER = "broker"


class NoAdministrator(Refusal):
    """PostgreSQL cannot be reached, or the account is not allowed to make databases."""


async def create(administrator: str, names: Iterable[str], secrets: Secrets) -> dict[str, str]:
    """Makes what is missing and sets the passwords; answers with each owner's SQLAlchemy address.

    ``administrator`` is the address of an account that may create roles and databases. Only its
    owner can connect to a database. Raises ``NoAdministrator``.
    """
    try:
        connection = await asyncpg.connect(_plain(administrator))
    except (OSError, asyncpg.PostgresError) as error:
        raise NoAdministrator(f"PostgreSQL does not let us in: {error}") from error
    try:
        return {name: await _create(connection, administrator, name, secrets) for name in names}
    except asyncpg.InsufficientPrivilegeError as error:
        raise NoAdministrator(f"the account must be able to create databases: {error}") from error
    finally:
        await connection.close()


async def _create(
    connection: "asyncpg.Connection[asyncpg.Record]", administrator: str, name: str, secrets: Secrets
) -> str:
    account, password = f"nobat_{name}", secrets.password(f"postgresql.{name}")
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", account)
    await connection.execute(f"{'ALTER' if known else 'CREATE'} ROLE {account} LOGIN PASSWORD '{password}'")
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", account):
        await connection.execute(f"GRANT {account} TO CURRENT_USER")
        await connection.execute(f"CREATE DATABASE {account} OWNER {account}")
    await connection.execute(f"REVOKE ALL ON DATABASE {account} FROM PUBLIC")
    place = _plain(administrator).rpartition("@")[2].partition("/")[0]
    return f"postgresql+asyncpg://{account}:{password}@{place}/{account}"


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)
