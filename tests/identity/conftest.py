"""Identity as a whole: its API in this process, a real database, a clock that tests move."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from chassis.database import migrate
from chassis.server import serve
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from identity.app import MIGRATIONS, build
from identity.config import Settings
from identity.context import Context
from identity.testing import Api, Phones, new_settings
from nobat.servers.ports import LOOPBACK, free_port
from simulators.app import create_app
from simulators.inquiries.desk import InquiryDesk
from simulators.settings import Settings as SimulatorSettings


@dataclass
class InquirySimulators:
    """The simulated inquiry providers, served over HTTP; ``desk`` is where a test arranges them."""

    url: str
    app: FastAPI

    @property
    def desk(self) -> InquiryDesk:
        desk: InquiryDesk = self.app.state.inquiries
        return desk


@pytest.fixture(scope="session")
async def serving_simulators() -> AsyncIterator[InquirySimulators]:
    app, port, stop = create_app(), free_port(), asyncio.Event()
    serving = asyncio.create_task(serve(app, LOOPBACK, port, stop))
    url = f"http://{LOOPBACK}:{port}"
    async with httpx.AsyncClient(
        base_url=url, transport=httpx.AsyncHTTPTransport(retries=10), trust_env=False
    ) as http:
        (await http.get("/livez")).raise_for_status()
    yield InquirySimulators(url, app)
    stop.set()
    await serving


@pytest.fixture
def simulators(serving_simulators: InquirySimulators) -> InquirySimulators:
    """The providers, who have heard nothing yet."""
    serving_simulators.app.state.inquiries = InquiryDesk(SimulatorSettings())
    return serving_simulators


@pytest.fixture(scope="session")
async def settings(make_database: Callable[[str], str], keep_pool: Callable[[str], str]) -> Settings:
    url = keep_pool(make_database("identity"))
    await migrate(url, MIGRATIONS)
    return new_settings(url)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def service(settings: Settings, clock: MovableClock) -> AsyncIterator[Service]:
    """With nothing in its outbox."""
    async with build(settings, clock=clock).opened() as opened:
        async with opened.database.transaction() as session:
            await session.execute(text("DELETE FROM outbox"))
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
