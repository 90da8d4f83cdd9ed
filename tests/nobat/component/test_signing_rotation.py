"""A signing key takes its turn before its time while people are served, and nobody notices."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx
import jwt
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

import identity.app
import notify.app
import notify.config
from chassis.database import migrate
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys
from gateway.app import opened as opened_gateway
from gateway.config import Settings as GatewaySettings
from gateway.testing import free_port, listening
from identity.config import Settings
from identity.context import Context
from identity.testing import Api, Phones, new_settings, registered
from identity.tokens import service as signing_keys
from nobat.parts import PARTS

Asked = Awaitable[httpx.Response]
STEP_SECONDS = 30
STEPS = 50
LIVING_TOKENS = 16
"""So many steps are less than the life of an access token."""


class Counted:
    """An application, and how often its keys were asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.fetches = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.fetches += scope["type"] == "http" and scope["path"].endswith("jwks.json")
        await self._app(scope, receive, send)


class Town:
    """Two processes of identity, one of notify, and the gateway, with one clock."""

    def __init__(self, stack: AsyncExitStack, clock: MovableClock) -> None:
        self._stack = stack
        self.clock = clock
        self.published: list[Counted] = []

    async def serve(self, service: Service) -> str:
        await self._stack.enter_async_context(service.opened())
        app, port = Counted(create_api(service)), free_port()
        self.published.append(app)
        await self._stack.enter_async_context(listening(app, port))
        return f"http://127.0.0.1:{port}"

    async def serve_gateway(self, identities: list[str], notify: str) -> str:
        port = free_port()
        settings = GatewaySettings.model_validate(
            {
                "jwks_url": f"{identities[0]}/.well-known/jwks.json",
                "identity_urls": ",".join(identities),
                "notify_urls": notify,
                "sales_urls": notify,
                "payment_urls": notify,
                "limit_factor": 0,
            }
        )
        gateway = await self._stack.enter_async_context(opened_gateway(settings, clock=self.clock))
        await self._stack.enter_async_context(listening(gateway, port))
        return f"http://127.0.0.1:{port}"

    @property
    def fetches(self) -> int:
        return sum(app.fetches for app in self.published)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        yield Town(stack, MovableClock())


@pytest.fixture(scope="module")
async def settings(make_database: Callable[[str], str]) -> Settings:
    settings = new_settings(make_database("signing_identity"), address_attempts=1_000_000)
    await migrate(settings.database_url, identity.app.MIGRATIONS)
    return settings


@pytest.fixture
async def identities(settings: Settings, town: Town) -> list[Service]:
    return [identity.app.build(settings, clock=town.clock) for _ in range(2)]


@pytest.fixture(scope="module")
async def notify_database(make_database: Callable[[str], str]) -> str:
    url = make_database("signing_notify")
    await migrate(url, notify.app.MIGRATIONS)
    return url


@pytest.fixture
async def gateway_url(notify_database: str, town: Town, identities: list[Service]) -> str:
    urls = [await town.serve(service) for service in identities]
    env = {
        "DATABASE_URL": notify_database,
        "AMQP_URL": "",
        "JWKS_URL": f"{urls[1]}/.well-known/jwks.json",
        "DATA_KEYS": new_settings().data_keys,
        "EVENT_KEYS": new_settings().event_keys,
        "KAVENEGAR_API_KEY": "none",
        "KAVENEGAR_LINE": "1",
    }
    notify_settings = PARTS["notify"].settings_of(env)
    assert isinstance(notify_settings, notify.config.Settings)
    notifier = notify.app.build(notify_settings, clock=town.clock)
    return await town.serve_gateway(urls, await town.serve(notifier))


@pytest.fixture
async def api(gateway_url: str) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=gateway_url, timeout=30, trust_env=False) as client:
        yield Api(client)


async def keep_house(service: Service, *, rotating: bool) -> None:
    """What identity's worker does every minute, and the rotation when it is asked for."""
    context = next(part for part in service.provides if isinstance(part, Context))
    async with service.database.transaction() as session:
        if rotating:
            await signing_keys.rotate(session, context.vault, context.clock())
        await signing_keys.maintain(session, context.vault, context.clock())


def stranger() -> str:
    keys = TestKeys()
    keys.key_id = uuid4().hex
    return keys.token(uuid4())


async def test_no_request_fails_while_the_signing_key_changes(
    town: Town, identities: list[Service], settings: Settings, api: Api
) -> None:
    person = await registered(api, Phones(identities[0].database, settings.event_keys))
    tokens = deque([person.tokens["access_token"]], maxlen=LIVING_TOKENS)
    refresh_token, signers = person.tokens["refresh_token"], set()
    for step in range(STEPS):
        town.clock.advance(seconds=STEP_SECONDS)
        if step % 2 == 0:
            await keep_house(identities[0], rotating=step == 6)
        renewed = await api.post("/sessions/refresh", {"refresh_token": refresh_token})
        refresh_token = renewed.json()["refresh_token"]
        tokens.append(renewed.json()["access_token"])
        signers.add(jwt.get_unverified_header(tokens[-1])["kid"])
        asked = [
            api.get(path, Authorization=f"Bearer {token}")
            for path in ("/me", "/messages")
            for token in (tokens[0], tokens[-1])
        ]
        answers = await asyncio.gather(*asked, api.get("/messages", Authorization=f"Bearer {stranger()}"))
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 401]
    assert len(signers) == 2


def batched(asked: Sequence[Asked], size: int = 50) -> list[Sequence[Asked]]:
    return [asked[start : start + size] for start in range(0, len(asked), size)]


async def test_two_hundred_unknown_keys_make_identity_be_asked_once_a_minute(town: Town, api: Api) -> None:
    for count in (200, 1):
        before = town.fetches
        asked = [api.get("/messages", Authorization=f"Bearer {stranger()}") for _ in range(count)]
        answers = [answer for some in batched(asked) for answer in await asyncio.gather(*some)]
        assert {answer.status_code for answer in answers} == {401}
        assert town.fetches == before + 1
        town.clock.advance(seconds=60)
