"""The servers tests run against: each worker has its own PostgreSQL; RabbitMQ starts when a test asks."""

from collections.abc import Callable, Iterator

import pytest

from nobat.servers.postgres import Postgres, throwaway

MakeDatabase = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A private PostgreSQL, gone with the worker. Commits survive `kill -9` of it, not of the machine."""
    with throwaway() as server:
        yield server


@pytest.fixture(scope="session")
def make_database(postgres: Postgres) -> MakeDatabase:
    """Call with a name: makes that database anew, empty, and returns its SQLAlchemy asyncpg address."""

    def make(name: str) -> str:
        postgres.drop_database(name)
        postgres.create_database(name)
        return postgres.url(name)

    return make
