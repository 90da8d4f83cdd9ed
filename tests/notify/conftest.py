"""Notify with a real database and the simulated provider over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from chassis.crypto import Keyring, new_key
from chassis.database import Database, migrate
from chassis.messaging.envelope import Envelope, enclose, handling
from chassis.server import serve
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys
from events import Event
from events.identity import CodeIssued, CodePurpose, CustomerRegistered
from iran import Mobile, samples
from nobat.servers.ports import LOOPBACK, free_port
from notify.app import MIGRATIONS, build
from notify.config import Settings
from notify.messages.domain import Lane
from notify.messages.jobs import DeliveryStates
from notify.messages.sender import Sender
from notify.routing.failover import Failover
from simulators.app import create_app
from simulators.settings import Settings as SimulatorSettings

API_KEY = "kavenegar-api-key"
EVENT_KEYS = f"e1:{new_key()}"
DATA_KEYS = f"d1:{new_key()}"
FIRST_NAME = "نازنین"


@dataclass
class Simulator:
    """The control API of the simulated provider."""

    url: str
    http: httpx.AsyncClient

    async def inbox(self, mobile: Mobile) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.http.get(f"/sms/inbox/{mobile}")).json()
        return found

    async def taken(self, *mobiles: Mobile) -> list[dict[str, Any]]:
        """Everything the provider accepted for the mobiles, and how often it came again."""
        books = (await self.http.get("/sms/books")).json()
        return [row for row in books["messages"] if row["mobile"] in mobiles]

    async def fault(self, mobile: Mobile, kind: str, **more: Any) -> None:
        answer = await self.http.put(f"/sms/faults/mobiles/{mobile}", json=[{"kind": kind, **more}])
        answer.raise_for_status()

    async def advance(self, seconds: float) -> None:
        (await self.http.post("/sms/clock/advance", json={"seconds": seconds})).raise_for_status()


@asynccontextmanager
async def serving(port: int) -> AsyncIterator[None]:
    stop = asyncio.Event()
    server = asyncio.create_task(serve(create_app(SimulatorSettings()), LOOPBACK, port, stop))
    try:
        yield
    finally:
        stop.set()
        await server


@pytest.fixture(scope="session")
async def simulator() -> AsyncIterator[Simulator]:
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    async with serving(port), httpx.AsyncClient(base_url=url) as http:

        async def alive() -> bool:
            try:
                return (await http.get("/livez")).status_code == 200
            except httpx.ConnectError:
                return False

        await eventually(alive)
        yield Simulator(url, http)


@dataclass
class Person:
    customer_id: UUID
    mobile: Mobile

    def registered(self, *, version: int = 1, mobile: Mobile | None = None) -> CustomerRegistered:
        contact = {"mobile": mobile or self.mobile, "first_name": FIRST_NAME, "last_name": "کریمی"}
        return CustomerRegistered(
            version=version,
            customer_id=self.customer_id,
            national_code_index="0" * 64,
            birth_date=datetime(1990, 1, 1, tzinfo=UTC).date(),
            gender="female",
            province="تهران",
            mobile_verified=True,
            contact=Keyring.parse(EVENT_KEYS).seal_object(contact, "identity.customer_registered.v1.contact"),
        )

    def code_issued(
        self, code: str, expires_at: datetime, purpose: CodePurpose = "registration"
    ) -> CodeIssued:
        delivery = {"mobile": self.mobile, "code": code}
        return CodeIssued(
            version=1,
            challenge_id=uuid4(),
            purpose=purpose,
            expires_at=expires_at,
            delivery=Keyring.parse(EVENT_KEYS).seal_object(delivery, "identity.code_issued.v1.delivery"),
        )


@dataclass
class Notify:
    """The service, moved by hand: events are handled and messages are sent when a test says so."""

    service: Service
    clock: MovableClock
    keys: TestKeys

    async def handle(self, event: Event, envelope: Envelope | None = None) -> Envelope:
        """Handles ``event`` as a consumer whose inbox has forgotten the message."""
        envelope = envelope or enclose(event)
        handlers = {
            kind: handler
            for subscription in self.service.subscriptions
            for kind, handler in subscription.handlers.items()
        }
        with handling(envelope):
            async with self.database.transaction() as session:
                await handlers[type(event)](session, event)
        return envelope

    @property
    def database(self) -> Database:
        return self.service.database

    @property
    def senders(self) -> dict[Lane, Sender]:
        return {sender.lane: sender for sender in self.service.resources if isinstance(sender, Sender)}

    @property
    def failover(self) -> Failover:
        (job,) = (job for job in self.service.jobs if job.name == "notify.sms_circuits")
        failover = job.run.__self__  # type: ignore[attr-defined] # a bound method
        assert isinstance(failover, Failover)
        return failover

    async def send(self) -> None:
        """One attempt at everything that is due."""
        for sender in self.senders.values():
            await sender.begin()
            await sender.finish()

    async def ask_delivery(self) -> None:
        job = next(job for job in self.service.jobs if job.name == "notify.delivery_states")
        assert isinstance(job.run.__self__, DeliveryStates)  # type: ignore[attr-defined] # a bound method
        await job.run()

    async def rows(self, columns: str = "*") -> list[dict[str, Any]]:
        async with self.database.transaction() as session:
            found = await session.execute(text(f"SELECT {columns} FROM messages ORDER BY id"))  # noqa: S608 - a test's own words
            return [dict(row) for row in found.mappings()]

    async def state(self) -> str:
        """Of the only message there is."""
        (row,) = await self.rows("state")
        return str(row["state"])


@pytest.fixture(scope="session")
async def database_url(make_database: Callable[[str], str], keep_pool: Callable[[str], str]) -> str:
    url = keep_pool(make_database("notify"))
    await migrate(url, MIGRATIONS)
    return url


@pytest.fixture
def provider_timeout() -> float:
    """Seconds; a test in which the provider hangs sets fewer."""
    return 10


@pytest.fixture
def settings(database_url: str, simulator: Simulator, provider_timeout: float) -> Settings:
    return Settings(
        database_url=database_url,
        amqp_url="amqp://nobody",
        jwks_url="http://nobody",
        event_keys=EVENT_KEYS,
        data_keys=DATA_KEYS,
        kavenegar_base_url=simulator.url,
        kavenegar_api_key=API_KEY,
        kavenegar_line="10004346",
        provider_timeout=provider_timeout,
    )


@pytest.fixture
async def notify(settings: Settings) -> AsyncIterator[Notify]:
    clock = MovableClock()
    keys = TestKeys(clock)
    async with build(settings, clock=clock, keys=keys).opened() as service:
        async with service.database.transaction() as session:
            await session.execute(text("TRUNCATE messages, contacts, lane_spending"))
        yield Notify(service, clock, keys)


@pytest.fixture
async def api(notify: Notify) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_api(notify.service))
    async with httpx.AsyncClient(transport=transport, base_url="http://notify/api/v1") as client:
        yield client


@pytest.fixture
def staff(notify, api):
    """Requests by a member of the staff: ``await staff("manager", "GET", path)``."""
    members: dict[str, UUID] = {}

    async def ask(role, method, path, **more):
        member = members.setdefault(role, uuid4())
        headers = notify.keys.authorization(member, [role]) | more.pop("headers", {})
        return await api.request(method, path, headers=headers, **more)

    return ask


@pytest.fixture
def person() -> Person:
    identity = uuid4()
    return Person(identity, samples.mobile(identity.int % samples.LIMIT))
