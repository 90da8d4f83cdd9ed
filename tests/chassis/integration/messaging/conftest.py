"""Brokers for the suites: a fresh virtual host of RabbitMQ, or an emptied database."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from chassis.database import Database, migrate
from chassis.messaging import Transport
from chassis.messaging.transports.amqp import AmqpTransport
from chassis.messaging.transports.local import LocalTransport

MakeDatabase = Callable[[str], str]
Connect = Callable[[], Transport]


@pytest.fixture
async def connect_amqp(amqp_url: str) -> AsyncIterator[Connect]:
    opened: list[AmqpTransport] = []

    def connect() -> AmqpTransport:
        opened.append(AmqpTransport(amqp_url))
        return opened[-1]

    yield connect
    for transport in opened:
        await transport.close()


@pytest.fixture(scope="session")
async def local_broker(make_database: MakeDatabase) -> str:
    url = make_database("messaging_broker")
    async with LocalTransport(url) as transport:
        await transport.check()  # makes the tables
    return url


@pytest.fixture
async def connect_local(local_broker: str) -> AsyncIterator[Connect]:
    opened: list[LocalTransport] = []

    def connect() -> LocalTransport:
        opened.append(LocalTransport(local_broker, lease=1.0))
        return opened[-1]

    await _empty(local_broker, "broker.message, broker.binding")
    yield connect
    for transport in opened:
        await transport.close()


@pytest.fixture(scope="session")
async def service_url(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of a service that has no tables but the chassis'."""
    url = make_database("messaging_service")
    no_migrations: Path = tmp_path_factory.mktemp("versions")
    await migrate(url, no_migrations)
    return url


@pytest.fixture
async def database(service_url: str) -> AsyncIterator[Database]:
    await _empty(service_url, "outbox, inbox")
    database = Database(service_url)
    yield database
    await database.close()


async def _empty(url: str, tables: str) -> None:
    database = Database(url, pool_size=1)
    async with database.transaction() as session:
        await session.execute(text("DROP TABLE IF EXISTS diary"))
        await session.execute(text(f"TRUNCATE {tables}"))
    await database.close()
