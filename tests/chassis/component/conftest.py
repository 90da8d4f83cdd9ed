"""A small service with routes that do what a test wants."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import text

from chassis import telemetry
from chassis.auth import CurrentUser, KeysUnavailable, Principal, TokenVerifier
from chassis.database import Database
from chassis.idempotency import IdempotencyKey
from chassis.permissions import Permissions, permitted
from chassis.service import Db, Service, create_api, provided
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys
from iran import Card, Mobile, NationalCode, PostalCode, Rial, Sheba

router = APIRouter()


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid")

    postal_code: PostalCode
    street: str = Field(min_length=2, max_length=20)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    national_code: NationalCode
    mobile: Mobile
    iban: Sheba
    card: Card
    price: Rial
    count: int = Field(ge=1, le=3)
    agreed: bool
    born: date
    at: AwareDatetime
    plan_id: UUID
    kind: Literal["draw", "first_come"]
    address: Address
    choices: list[Address] = Field(min_length=1, max_length=2)


@dataclass
class Behaviour:
    """What ``GET /acts`` does."""

    act: Callable[[], Awaitable[None]]


@router.post("/forms", status_code=201)
async def forms(form: Form) -> dict[str, str]:
    return {"national_code": form.national_code}


@router.get("/searches")
async def searches(plan_id: UUID, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> dict[str, str]:
    return {"plan_id": str(plan_id), "limit": str(limit)}


@router.post("/keys")
async def keys_(key: IdempotencyKey = None) -> dict[str, str | None]:
    return {"key": key}


@router.get("/me")
async def me(user: CurrentUser) -> dict[str, str]:
    return {"subject": str(user.subject)}


@router.get("/staff/things")
async def staff_things(user: Annotated[Principal, Depends(permitted("things.read"))]) -> dict[str, str]:
    return {"subject": str(user.subject)}


@router.get("/staff/secrets")
async def staff_secrets(user: Annotated[Principal, Depends(permitted("secrets.read"))]) -> dict[str, str]:
    return {"subject": str(user.subject)}


@router.get("/rows")
async def rows(db: Db) -> dict[str, int]:
    async with db.transaction() as session:
        await session.execute(text("SELECT pg_sleep(0.002)"))
        return {"rows": await session.scalar(text("SELECT 1")) or 0}


@router.get("/acts")
async def acts(behaviour: Annotated[Behaviour, provided(Behaviour)]) -> dict[str, str | None]:
    await behaviour.act()
    return {"traceparent": telemetry.traceparent.get(), "correlation": telemetry.correlation_id.get()}


class NoKeys:
    """Identity's keys cannot be had."""

    async def find(self, key_id: str) -> Ed25519PublicKey | None:
        raise KeysUnavailable


@dataclass
class Probe:
    """The service under test, and what tests change of it."""

    service: Service
    behaviour: Behaviour
    keys: TestKeys
    clock: MovableClock
    client: httpx.AsyncClient

    @property
    def database(self) -> Database:
        return self.service.database


StartProbe = Callable[..., Awaitable[Probe]]


async def quiet() -> None:
    """Nothing happens."""


@pytest.fixture
async def start(chassis_url: str) -> AsyncIterator[StartProbe]:
    """Call with what is not as usual: a database address, the keys, the pool."""
    async with AsyncExitStack() as stack:

        async def start_probe(
            url: str = chassis_url,
            *,
            with_keys: bool = True,
            pool_size: int = 5,
            pool_timeout: float = 5,
        ) -> Probe:
            clock = MovableClock()
            keys, behaviour = TestKeys(clock), Behaviour(quiet)
            service = Service(
                name="probe",
                database=Database(url, pool_size=pool_size, pool_timeout=pool_timeout),
                verifier=TokenVerifier(keys if with_keys else NoKeys(), clock=clock),
                migrations=Path(),
                routers=[router],
                provides=[behaviour],
                permissions=Permissions({"things.read": {"manager", "admin"}}),
            )
            await stack.enter_async_context(service.opened())
            transport = httpx.ASGITransport(create_api(service), raise_app_exceptions=False)
            client = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://probe")
            )
            return Probe(service, behaviour, keys, clock, client)

        yield start_probe


@pytest.fixture
async def probe(start: StartProbe) -> Probe:
    return await start()


@pytest.fixture
def client(probe: Probe) -> httpx.AsyncClient:
    return probe.client
