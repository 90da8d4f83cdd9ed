"""Identity with contracts with the three simulated providers, on a database of its own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from chassis.database import migrate
from chassis.json import loads
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys
from events import Event
from identity.app import MIGRATIONS, build
from identity.config import Settings
from identity.context import Context
from identity.customers import service as customers
from identity.customers.domain import Profile
from identity.inquiries import service as inquiries
from identity.inquiries.asker import Asker
from identity.inquiries.domain import Kind
from identity.testing import Json, form, new_settings


@pytest.fixture(scope="session")
async def settings(
    make_database: Callable[[str], str], keep_pool: Callable[[str], str], serving_simulators
) -> Settings:
    database_url, told = keep_pool(make_database("identity_inquiries")), serving_simulators.desk.settings
    await migrate(database_url, MIGRATIONS)
    return new_settings(
        database_url,
        finnotech_url=serving_simulators.url,
        finnotech_client_secret=told.finnotech_client_secret.get_secret_value(),
        jibit_url=f"{serving_simulators.url}/ide",
        jibit_api_key=told.jibit_api_key.get_secret_value(),
        jibit_secret_key=told.jibit_secret_key.get_secret_value(),
        zohal_url=f"{serving_simulators.url}/api/v0",
        zohal_token=told.zohal_token.get_secret_value(),
        inquiry_run_rate=10_000,
        inquiry_breaker_failures=1_000_000,
    )


@pytest.fixture
def keys(clock: MovableClock) -> TestKeys:
    return TestKeys(clock)


@pytest.fixture
async def service(settings: Settings, clock: MovableClock, simulators) -> AsyncIterator[Service]:
    async with build(settings, clock=clock).opened() as opened:
        async with opened.database.transaction() as session:
            await session.execute(
                text("TRUNCATE inquiries, inquiry_answers, inquiry_runs, outbox, customers CASCADE")
            )
        yield opened


@dataclass
class Office:
    """Identity's worker, and people with accounts."""

    service: Service
    context: Context

    @property
    def asker(self) -> Asker:
        return next(part for part in self.service.resources if isinstance(part, Asker))

    async def work(self) -> None:
        """Asks everything that is due, runs included."""
        jobs = {job.name: job for job in self.service.jobs}
        while await jobs["identity.inquiry_runs"].run():
            pass
        while await self.asker.run():
            await self.asker.finish()
        await jobs["identity.inquiry_runs"].run()

    async def people(self, count: int, *, ask: bool = False) -> dict[UUID, Json]:
        """Accounts as registered, with their inquiries open when ``ask``; forms by customer."""
        made = {}
        async with self.service.database.transaction() as session:
            for _ in range(count):
                typed = form()
                profile = Profile.model_validate({k: v for k, v in typed.items() if k != "password"})
                customer_id = await customers.create(session, self.context, profile, "no hash")
                assert customer_id is not None
                if ask:
                    await inquiries.ask(session, self.context, customer_id, Kind)
                made[customer_id] = typed
        return made

    async def ask(self, customer_id: UUID, *kinds: Kind) -> None:
        async with self.service.database.transaction() as session:
            await inquiries.ask(session, self.context, customer_id, kinds)

    async def rows(self, query: str, **parameters: object) -> list[Any]:
        async with self.service.database.transaction() as session:
            return [tuple(row) for row in await session.execute(text(query), parameters)]

    async def results(self) -> dict[str | None, int]:
        """How many inquiries have which result."""
        return dict(await self.rows("SELECT result, count(*) FROM inquiries GROUP BY result"))

    async def published(self, event: type[Event]) -> list[Json]:
        """The payloads of these events, oldest first."""
        query = "SELECT message FROM outbox WHERE routing_key = :name ORDER BY id"
        return [loads(message)["payload"] for (message,) in await self.rows(query, name=event.name)]


@pytest.fixture
def office(service: Service, context: Context) -> Office:
    return Office(service, context)


@pytest.fixture
async def other_office(settings: Settings, clock: MovableClock, service: Service) -> AsyncIterator[Office]:
    """Another worker at the same database."""
    async with build(settings, clock=clock).opened() as opened:
        yield Office(opened, next(part for part in opened.provides if isinstance(part, Context)))


@dataclass
class Staff:
    """A sales manager at the API."""

    client: httpx.AsyncClient
    keys: TestKeys
    subject: UUID

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told = self.keys.authorization(self.subject, ["manager"]) | named
        return await self.client.request(
            method, f"/api/v1/staff/inquiries/runs{path}", json=body, headers=told
        )

    async def start(self, **wish: object) -> str:
        answer = await self.call("POST", "", wish)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["run_id"])

    async def watch(self, run_id: str) -> Json:
        answer = await self.call("GET", f"/{run_id}")
        assert answer.status_code == 200, answer.text
        seen: Json = answer.json()
        return seen


@pytest.fixture
async def staff(settings: Settings, clock: MovableClock, keys: TestKeys, service) -> AsyncIterator[Staff]:
    """At an API of its own, which takes the tests' tokens."""
    async with build(settings, clock=clock, keys=keys).opened() as other:
        transport = httpx.ASGITransport(create_api(other), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
            yield Staff(client, keys, uuid4())
