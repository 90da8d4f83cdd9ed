"""The servers tests run against: each worker has its own PostgreSQL; the others start when a test asks."""

from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import settings
from structlog.processors import KeyValueRenderer, format_exc_info

from chassis.database.migrations import run as migrate
from chassis.testing.pools import kept_pools
from nobat.servers import postgres as postgres_server
from nobat.servers import rabbitmq as rabbitmq_server
from nobat.servers.postgres import Postgres
from nobat.servers.rabbitmq import RabbitMQ
from nobat.testing.system import System, embedded_system, existing_system

MakeDatabase = Callable[[str], str]
MakeMigrated = Callable[[str, Path], str]
KeepPool = Callable[[str], str]

SHARED = {"system", "rabbitmq"}
COSTLY = ("system", "rabbitmq_node", "world", "real_world", "rush", "city")
"""Servers that work also while nobody asks them."""
IN_TESTS = {
    "LIMIT_FACTOR": "0",
    "ADDRESS_ATTEMPTS": "1000000",
    "ADDRESS_CODES": "1000000",
    "HASH_MEMORY_KIB": "1024",
    "ENDED_SESSIONS_EVERY": "2",
}
"""All come from one address, whose limits they do not meet; they log in often and wait for little."""

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
def make_migrated(postgres: Postgres, make_database: MakeDatabase) -> MakeMigrated:
    """Call with a name and a service's migrations: makes that database anew, as they leave an empty one."""

    @cache
    def template(migrations: Path) -> str:
        name = f"template_{migrations.parent.name}"
        with ThreadPoolExecutor(1) as elsewhere:  # a loop may run here
            elsewhere.submit(migrate, make_database(name), migrations).result()
        return name

    def make(name: str, migrations: Path) -> str:
        migrated = template(migrations)
        postgres.drop_database(name)
        postgres.create_database(name, template=migrated)
        return postgres.url(name)

    return make


@pytest.fixture(scope="session")
async def keep_pool() -> AsyncIterator[KeepPool]:
    """Call with an address: services that tests open there, one after the other, share connections."""
    async with kept_pools() as pools:
        yield pools.keep


@pytest.fixture(scope="session")
def rabbitmq_node() -> Iterator[RabbitMQ]:
    with rabbitmq_server.throwaway() as node:
        yield node


@pytest.fixture
def rabbitmq(rabbitmq_node: RabbitMQ) -> Iterator[RabbitMQ]:
    """A private RabbitMQ. It is there for the next test, whatever this one did to it."""
    yield rabbitmq_node
    rabbitmq_node.revive()


@pytest.fixture
def amqp_url(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The address of a virtual host that no other test has seen."""
    vhost = f"test-{uuid4().hex}"
    rabbitmq.add_vhost(vhost)
    yield rabbitmq.url(vhost)
    rabbitmq.revive()
    rabbitmq.delete_vhost(vhost)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The whole system: the one that the environment names, or an embedded one for all tests."""
    found = existing_system()
    if found is not None:
        yield found
        return
    with embedded_system(IN_TESTS) as started:
        yield started


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs one of these servers goes to one worker (`--dist loadgroup`), so it starts once per run."""
    for item in items:
        for server in SHARED.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(server))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Costly servers end when the next test does not need them."""
    yield
    assert isinstance(item, pytest.Function)
    wanted = getattr(nextitem, "fixturenames", ())
    for server in COSTLY:
        if server in item.fixturenames and server not in wanted:
            for definition in item.session._fixturemanager.getfixturedefs(server, item) or ():
                definition.finish(item._request)  # type: ignore[arg-type]  # as pytest does
