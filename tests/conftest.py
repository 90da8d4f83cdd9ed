"""The servers tests run against: each worker has its own PostgreSQL; RabbitMQ starts when a test asks."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import structlog
from hypothesis import settings
from structlog.processors import KeyValueRenderer, format_exc_info

from nobat.servers import postgres as postgres_server
from nobat.servers import rabbitmq as rabbitmq_server
from nobat.servers.postgres import Postgres
from nobat.servers.rabbitmq import RabbitMQ

MakeDatabase = Callable[[str], str]

settings.register_profile("suite", max_examples=25, deadline=None)
settings.load_profile("suite")
structlog.configure(processors=[format_exc_info, KeyValueRenderer()])  # tracebacks are drawn slowly otherwise


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A private PostgreSQL, gone with the worker. Commits survive `kill -9` of it, not of the machine."""
    with postgres_server.throwaway() as server:
        yield server


@pytest.fixture(scope="session")
def make_database(postgres: Postgres) -> MakeDatabase:
    """Call with a name: makes that database anew, empty, and returns its SQLAlchemy asyncpg address."""

    def make(name: str) -> str:
        postgres.drop_database(name)
        postgres.create_database(name)
        return postgres.url(name)

    return make


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """A private RabbitMQ. A test that stops or freezes it brings it back."""
    with rabbitmq_server.throwaway() as node:
        yield node


@pytest.fixture
def amqp_url(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The address of a virtual host that no other test has seen."""
    vhost = f"test-{uuid4().hex}"
    rabbitmq.add_vhost(vhost)
    yield rabbitmq.url(vhost)
    rabbitmq.delete_vhost(vhost)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that need RabbitMQ go to one worker (`--dist loadgroup`), so it starts once per run."""
    for item in items:
        if "rabbitmq" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("rabbitmq"))
