"""One database and two accounts for each service, at a private or a given PostgreSQL.

``nobat_SERVICE`` is who the service is: it reads and writes rows, in its own database only.
``nobat_SERVICE_owner`` has the database: migrations run as the owner. So a service can neither change its
tables nor take back a right that a migration has taken from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from nobat.refusal import Refusal
from nobat.secret_store import Secrets

BROKER = "broker"
RIGHTS = (
    "GRANT {verbs} ON ALL TABLES IN SCHEMA public TO {account}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {account}",
)
RIGHTS_TO_COME = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT {verbs} ON TABLES TO {account}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {account}",
)
VERBS = "SELECT, INSERT, UPDATE, DELETE"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class NoAdministrator(Refusal):
    """PostgreSQL cannot be reached, or the account is not allowed to make databases."""


@dataclass(frozen=True)
class Found:
    """The SQLAlchemy addresses of each database, for the service itself and for its migrations."""

    services: Mapping[str, str]
    owners: Mapping[str, str]


async def create(administrator: str, names: Iterable[str], secrets: Secrets) -> Found:
    """Makes what is missing and sets the passwords. Only its two accounts can connect to a database.

    ``administrator`` is the address of an account that may create roles and databases. A database that the
    service's own account had is handed to the owner. Raises ``NoAdministrator``.
    """
    names = list(names)
    try:
        connection = await asyncpg.connect(_plain(administrator))
    except (OSError, asyncpg.PostgresError) as error:
        raise NoAdministrator(f"PostgreSQL does not let us in: {error}") from error
    try:
        for name in names:
            await _create(connection, administrator, name, secrets)
    except asyncpg.InsufficientPrivilegeError as error:
        raise NoAdministrator(f"the account must be able to create databases: {error}") from error
    finally:
        await connection.close()
    return Found(
        {name: _address(administrator, name, f"nobat_{name}", secrets) for name in names},
        {name: _address(administrator, name, f"nobat_{name}_owner", secrets) for name in names},
    )


async def _create(connection: Connection, administrator: str, name: str, secrets: Secrets) -> None:
    account, owner = f"nobat_{name}", f"nobat_{name}_owner"
    for role in (account, owner):
        await _role(connection, role, secrets)
    query = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = $1"
    had_by = await connection.fetchval(query, account)
    if had_by is None:
        await connection.execute(f"CREATE DATABASE {account} OWNER {owner}")
    await connection.execute(f"REVOKE ALL ON DATABASE {account} FROM PUBLIC")
    if had_by != owner:
        await _hand_over(administrator, account, owner, is_new=had_by is None)
    await connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {account} TO {account}")


async def _role(connection: Connection, role: str, secrets: Secrets) -> None:
    password = secrets.password(f"postgresql.{role.removeprefix('nobat_')}")
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    await connection.execute(f"{'ALTER' if known else 'CREATE'} ROLE {role} LOGIN PASSWORD '{password}'")
    if not known:
        await connection.execute(f"GRANT {role} TO CURRENT_USER")


async def _hand_over(administrator: str, account: str, owner: str, *, is_new: bool) -> None:
    """What the owner makes from now on, and what the account made before, is for the account's rows."""
    statements = (
        RIGHTS_TO_COME if is_new else (f"REASSIGN OWNED BY {account} TO {owner}", *RIGHTS, *RIGHTS_TO_COME)
    )
    connection = await asyncpg.connect(_plain(administrator), database=account)
    try:
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement.format(verbs=VERBS, account=account, owner=owner))
    finally:
        await connection.close()


def _address(administrator: str, name: str, role: str, secrets: Secrets) -> str:
    password = secrets.password(f"postgresql.{role.removeprefix('nobat_')}")
    place = _plain(administrator).rpartition("@")[2].partition("/")[0]
    return f"postgresql+asyncpg://{role}:{password}@{place}/nobat_{name}"


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)
