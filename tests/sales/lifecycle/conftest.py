"""A plan with orders to live through everything, without HTTP."""

from collections.abc import AsyncIterator

import pytest

from chassis.database import Database
from chassis.testing.clock import MovableClock
from sales.testing import SalesLife


@pytest.fixture
async def life(sales_database: str) -> AsyncIterator[SalesLife]:
    database = Database(sales_database)
    world = SalesLife(database, MovableClock())
    await world.begin()
    yield world
    await database.close()
