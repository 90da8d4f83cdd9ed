"""A browser, and people who use the portal with it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Visitor
from nobat.testing.window import Window, log_in, window_of

CHROMIUM = "/usr/bin/chromium"
OpenWindow = Callable[..., Awaitable[Window]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture
async def open_window(browser: Browser, system: System) -> AsyncIterator[OpenWindow]:
    """Call with a shape (``phone``, ``desktop``)."""
    opened: list[Window] = []

    async def new(shape: str = "phone", *, scripts: bool = True) -> Window:
        opened.append(await window_of(browser, system.base_url, shape, scripts=scripts))
        return opened[-1]

    yield new
    for window in opened:
        await window.page.context.close()


@pytest.fixture(scope="session")
async def api(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.base_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
async def simulators(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.simulators_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
async def buyer(api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    """Somebody with an account that no story changes."""
    visitor = Visitor(api, simulators, Person.random())
    await visitor.join()
    return visitor


@pytest.fixture
def somebody(api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    """Somebody with a telephone who has not registered yet."""
    return Visitor(api, simulators, Person.random())


@pytest.fixture
async def member(somebody: Visitor) -> Visitor:
    """Somebody who has an account."""
    await somebody.join()
    return somebody


@pytest.fixture
def enter() -> Callable[[Window, Visitor], Awaitable[None]]:
    """Logs somebody in without the pages on the way."""
    return log_in
