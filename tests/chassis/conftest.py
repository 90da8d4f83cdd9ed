"""A database with nothing but the chassis' own tables."""

from collections.abc import AsyncIterator, Callable

import pytest

from chassis.database import Database, migrate


@pytest.fixture(scope="session")
async def chassis_url(make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    url = make_database("chassis")
    await migrate(url, tmp_path_factory.mktemp("no_versions"))
    return url


@pytest.fixture(scope="session")
async def database(chassis_url: str) -> AsyncIterator[Database]:
    opened = Database(chassis_url, pool_size=20, pool_timeout=60)
    yield opened
    await opened.close()
