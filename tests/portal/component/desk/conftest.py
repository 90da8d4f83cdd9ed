"""The desk of somebody who works here, before a gateway that says what a test wants it to say."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from chassis.keys.text import new_key
from chassis.testing.clock import MovableClock
from gateway.testing import FakeService
from portal.app import create_app
from portal.config import Settings
from portal.gateway import Gateway
from portal.testing import LOGIN, ME, PAIR, token

SignIn = Callable[..., Awaitable["Desk"]]


class Desk(httpx.AsyncClient):
    """A browser at the desk: it keeps cookies and fills in forms."""

    def __init__(self, app: Any) -> None:
        super().__init__(transport=httpx.ASGITransport(app), base_url="https://portal")

    async def csrf(self, path: str) -> str:
        return (await self.get(path)).text.partition('name="csrf" value="')[2].partition('"')[0]

    async def send_form(self, path: str, **values: Any) -> httpx.Response:
        """The form of the page at ``path``, filled in."""
        return await self.post(path, data={"csrf": await self.csrf(path), **values})

    async def send_file(self, path: str, name: str, content: bytes, **values: str) -> httpx.Response:
        """The same with a file in the field ``file``."""
        data = {"csrf": await self.csrf(path), **values}
        return await self.post(path, data=data, files={"file": (name, content)})


@pytest.fixture(scope="session")
async def service() -> AsyncIterator[FakeService]:
    async with FakeService("gateway").running() as running:
        yield running


@pytest.fixture(scope="session")
async def app(service: FakeService) -> AsyncIterator[Any]:
    """One for all of them: its templates are read once."""
    keys = f"k1:{new_key()}"
    settings = Settings(gateway_url=service.url, portal_key="portal-key-of-the-tests", session_keys=keys)
    gateway = Gateway.opened(settings)
    async with gateway.client:
        yield create_app(settings, gateway, MovableClock())


@pytest.fixture
def browser(app: Any) -> Desk:
    return Desk(app)


@pytest.fixture
def sign_in(browser: Desk, fake: Any) -> SignIn:
    """Logs in with roles; who it is, is ``ME``."""

    async def signed_in(*roles: str) -> Desk:
        tokens = {"access_token": token(sub=ME, roles=list(roles)), "refresh_token": "one", **PAIR}
        fake.say("POST", "/sessions", 201, tokens)
        fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
        await browser.send_form("/login", **LOGIN)
        fake.asked.clear()
        return browser

    return signed_in
