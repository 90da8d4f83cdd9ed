"""Three sales processes behind the gateway on one database, and a thousand people with tokens."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from nobat.testing.rush import Rush, Rusher, new_rush

PROCESSES = 3
PEOPLE = 1000


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all of them, so that one system is started."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("races"))


@pytest.fixture(scope="session")
async def rush(make_database: Callable[[str], str]) -> AsyncIterator[Rush]:
    async with new_rush(make_database("races"), PROCESSES) as opened:
        yield opened


@pytest.fixture(scope="session")
async def everybody(rush: Rush) -> list[Rusher]:
    return await rush.people(PEOPLE)
