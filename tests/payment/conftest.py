"""A payment service on a database of its own, and a bank that stands on a real port."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from chassis.crypto import new_key
from chassis.database import Database, migrate
from chassis.server import serve
from chassis.service import create_api
from chassis.testing.clock import MovableClock
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys
from nobat.servers.ports import free_port
from nobat.testing.bank_desk import BankDesk
from nobat.testing.shop import Shop
from payment.app import MIGRATIONS, build
from payment.checkout import Checkout
from payment.config import Settings
from payment.providers.capabilities import CAPABILITIES
from simulators.app import create_app
from simulators.settings import Settings as BankSettings

NATIONAL_CODE = "0010350829"
MERCHANT = "11111111-2222-4333-8444-555555555555"
TABLES = (
    "bills, billed_orders, requested_bills, payments, bank_references, received_callbacks, owed_returns, "
    "outbox, idempotency_keys, job_leases, buyers"
)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """``app`` on a free port of this machine."""
    port, stop = free_port(), asyncio.Event()
    serving = asyncio.create_task(serve(app, "127.0.0.1", port, stop))
    url = f"http://127.0.0.1:{port}"

    async def answers() -> bool:
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"{url}/livez")).is_success
            except httpx.TransportError:
                return False

    await eventually(answers)
    yield url
    stop.set()
    await serving


@pytest.fixture(scope="session")
def serve_app() -> Callable[[FastAPI], AbstractAsyncContextManager[str]]:
    return served


@pytest.fixture(scope="session")
def visits() -> list[str]:
    return []


@pytest.fixture(scope="session")
async def bank_url(visits: list[str]) -> AsyncIterator[str]:
    """The simulators over HTTP. What the bank calls by itself is written down in ``visits``."""

    async def visit(url: str, form: Mapping[str, str] | None = None) -> None:
        visits.append(url)

    async with served(create_app(BankSettings(), visit)) as url:
        yield url


@pytest.fixture
async def bank(bank_url: str, visits: list[str]) -> AsyncIterator[BankDesk]:
    visits.clear()
    async with httpx.AsyncClient(base_url=bank_url, timeout=30) as client:
        desk = BankDesk(bank_url, client, visits)
        await desk.clear()
        yield desk


@pytest.fixture(scope="session")
async def database_url(make_database: Callable[[str], str], keep_pool: Callable[[str], str]) -> str:
    url = keep_pool(make_database("payment"))
    await migrate(url, MIGRATIONS)
    return url


@pytest.fixture
async def emptied(database_url: str) -> str:
    """Empty tables. The ledger refuses to be emptied, so its triggers sleep meanwhile."""
    database = Database(database_url)
    async with database.transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(f"TRUNCATE ledger_postings, ledger_entries, {TABLES} CASCADE"))
    await database.close()
    return database_url


@pytest.fixture
def settings(emptied: str, bank: BankDesk) -> Settings:
    return Settings(
        database_url=emptied,
        amqp_url="",
        jwks_url="",
        event_keys=f"test:{new_key()}",
        pool_size=16,
        zarinpal_url=bank.url,
        zarinpal_merchant_id=MERCHANT,
        zarinpal_refund_token="zarinpal-refund-token",
        data_keys=f"test:{new_key()}",
        index_key=new_key(),
    )


@pytest.fixture
def all_providers(settings: Settings, bank: BankDesk) -> Settings:
    """Settings with every provider that is simulated."""
    theirs = BankSettings()
    known = {
        "zibal_merchant": "zibal",
        "sep_terminal_id": theirs.sep_terminal_id,
        "mellat_terminal_id": theirs.mellat_terminal_id,
        "mellat_user_name": theirs.mellat_user_name,
        "mellat_password": theirs.mellat_password.get_secret_value(),
        "sadad_acceptor_id": theirs.sadad_merchant_id,
        "sadad_terminal_id": theirs.sadad_terminal_id,
        "sadad_terminal_key": theirs.sadad_terminal_key.get_secret_value(),
    }
    urls = {f"{name}_url": bank.url for name in CAPABILITIES}
    return settings.model_copy(update=known | urls)


@pytest.fixture
async def market(all_providers: Settings, bank: BankDesk) -> AsyncIterator[Shop]:
    """As ``shop``, with every provider, and a buyer whose national code is known."""
    async with opened_shop(all_providers, bank) as shop:
        await shop.hear(shop.registered(NATIONAL_CODE))
        yield shop


@pytest.fixture
async def shop(settings: Settings, bank: BankDesk) -> AsyncIterator[Shop]:
    async with opened_shop(settings, bank) as shop:
        yield shop


@asynccontextmanager
async def opened_shop(settings: Settings, bank: BankDesk) -> AsyncIterator[Shop]:
    clock, keys = MovableClock(), TestKeys()
    async with build(settings, clock=clock, keys=keys).opened() as service:
        [checkout] = (part for part in service.provides if isinstance(part, Checkout))
        transport = httpx.ASGITransport(create_api(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://payment") as client:
            yield Shop(service, checkout, clock, keys, client, bank)
