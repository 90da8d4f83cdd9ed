"""The portal alone, before a gateway that says what a test wants it to say."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.keys.text import new_key
from chassis.testing.clock import MovableClock
from gateway.testing import FakeService
from portal.app import create_app
from portal.config import Settings
from portal.gateway import Gateway

PORTAL_KEY = "portal-key-of-the-tests"


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    """Of JSON; the bytes of what was sent as anything else."""
    query: dict[str, str]


@dataclass
class FakeGateway:
    """Answers by method and path; ``asked`` is everything it was asked."""

    url: str
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def say(self, method: str, path: str, status: int, body: Any = None) -> None:
        self.answers[method, "/api/v1" + path] = (status, body)

    async def __call__(self, request: Request) -> Response:
        body = await request.body()
        is_json = request.headers.get("content-type") == "application/json"
        said = Asked(
            request.method,
            request.url.path,
            dict(request.headers),
            (json.loads(body) if is_json else body) if body else None,
            dict(request.query_params),
        )
        self.asked.append(said)
        status, answer = self.answers[said.method, said.path]
        return JSONResponse(answer, status) if answer is not None else Response(status_code=status)


@pytest.fixture(scope="module")
async def service() -> AsyncIterator[FakeService]:
    async with FakeService("gateway").running() as running:
        yield running


@pytest.fixture
def fake(service: FakeService) -> FakeGateway:
    gateway = FakeGateway(service.url)
    service.handler = gateway
    gateway.say("GET", "/plans", 200, {"items": []})
    gateway.say("GET", "/announcements", 200, {"items": [], "categories": []})
    office = {"phone": "021", "weekly_hours": {}, "open_now": True, "open_until": None, "next_opening": None}
    gateway.say("GET", "/office-hours", 200, office)
    return gateway


class Jar(httpx.AsyncClient):
    """A browser: it keeps cookies and sends them back."""

    def __init__(self, app: Any) -> None:
        super().__init__(transport=httpx.ASGITransport(app), base_url="https://portal")

    async def send_form(self, path: str, **values: str) -> httpx.Response:
        """The form of the page at ``path``, filled in."""
        page = await self.get(path)
        token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        return await self.post(path, data={"csrf": token, **values})


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def new_browser(fake: FakeGateway, clock: MovableClock) -> AsyncIterator[Callable[[], Jar]]:
    settings = Settings(
        gateway_url=fake.url, portal_key=PORTAL_KEY, session_keys=f"k1:{new_key()}", page_seconds=1
    )
    gateway = Gateway.opened(settings)
    async with gateway.client:
        app = create_app(settings, gateway, clock)
        yield lambda: Jar(app)


@pytest.fixture
def browser(new_browser: Callable[[], Jar]) -> Jar:
    return new_browser()
