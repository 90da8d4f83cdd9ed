"""A gateway that really listens, before services that do what a test wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.clock import Clock, system_clock
from chassis.testing.tokens import TestKeys
from gateway.app import opened
from gateway.config import Settings
from gateway.serving import serve_public
from gateway.testing import Services, free_port, until_listening

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session")
async def shared_services() -> AsyncIterator[Services]:
    async with Services.running() as running:
        yield running


@pytest.fixture
async def services(shared_services: Services) -> Services:
    """One process of each service; all answer with what they were asked until a test says otherwise."""
    shared_services.forget()
    return shared_services


@pytest.fixture(scope="session")
def keys() -> TestKeys:
    return TestKeys()


@pytest.fixture
def login(keys: TestKeys) -> dict[str, str]:
    """The header of somebody who is logged in."""
    return keys.authorization(uuid4())


@pytest.fixture
async def start_gateway(services: Services, keys: TestKeys) -> AsyncIterator[StartGateway]:
    """Call with settings: starts a gateway before ``services``; returns a client that speaks to it.

    With ``keys=None`` it judges tokens by the keys at ``jwks_url``. It ends when ``stop`` is set,
    at the latest with the test.
    """
    async with AsyncExitStack() as stack:

        async def start(
            *,
            keys: TestKeys | None = keys,
            clock: Clock = system_clock,
            stop: asyncio.Event | None = None,
            **settings: Any,
        ) -> httpx.AsyncClient:
            chosen = Settings.model_validate(
                {"port": free_port(), "jwks_url": "", **services.urls, **settings}
            )
            return await stack.enter_async_context(running_gateway(chosen, keys, clock, stop))

        yield start


@asynccontextmanager
async def running_gateway(
    settings: Settings,
    keys: TestKeys | None,
    clock: Clock = system_clock,
    stop: asyncio.Event | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    stop = stop or asyncio.Event()
    address = f"http://{settings.host}:{settings.port}"
    async with opened(settings, keys=keys, clock=clock) as app, httpx.AsyncClient(base_url=address) as client:
        serving = asyncio.create_task(serve_public(app, settings, stop, app.live.end))
        await until_listening(settings.port)
        try:
            yield client
        finally:
            await client.aclose()
            stop.set()
            await serving


@pytest.fixture(scope="session")
async def shared_gateway(shared_services: Services, keys: TestKeys) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings.model_validate({"port": free_port(), "jwks_url": "", **shared_services.urls})
    async with running_gateway(settings, keys) as client:
        yield client


@pytest.fixture
async def gateway(services: Services, shared_gateway: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a gateway with the default settings, before ``services``."""
    return shared_gateway


def problem_of(response: httpx.Response) -> str:
    """The code of the problem document that the response is."""
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == response.status_code
    assert document["detail"]
    code: str = document["code"]
    return code


@pytest.fixture(name="problem_of")
def _problem_of() -> Callable[[httpx.Response], str]:
    return problem_of


@pytest.fixture
def raw(gateway: httpx.AsyncClient) -> Callable[[bytes], Awaitable[bytes]]:
    """Call with bytes: sends them over a new connection; returns all that comes until it is closed."""

    async def send(data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(gateway.base_url.host, gateway.base_url.port)
        writer.write(data)
        received = await reader.read()
        writer.close()
        return received

    return send
