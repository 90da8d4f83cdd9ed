"""Identity as a whole: its API in this process, a real database, a clock that tests move."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from chassis.database import migrate
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from identity.app import MIGRATIONS, build
from identity.config import Settings
from identity.context import Context
from identity.testing import Api, Phones, new_settings


@pytest.fixture(scope="session")
async def settings(make_database: Callable[[str], str]) -> Settings:
    url = make_database("identity")
    await migrate(url, MIGRATIONS)
    return new_settings(url)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def service(settings: Settings, clock: MovableClock) -> AsyncIterator[Service]:
    async with build(settings, clock=clock).opened() as opened:
        yield opened


@pytest.fixture
def context(service: Service) -> Context:
    return next(part for part in service.provides if isinstance(part, Context))


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_api(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://identity") as opened:
        yield opened


@pytest.fixture
def api(client: httpx.AsyncClient) -> Api:
    return Api(client)


@pytest.fixture
def phones(service: Service, settings: Settings) -> Phones:
    return Phones(service.database, settings.event_keys)
