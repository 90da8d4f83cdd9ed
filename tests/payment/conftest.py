"""A payment service on a database of its own, and a bank that stands on a real port."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from chassis.crypto import Keyring, new_key
from chassis.database import Database, migrate
from chassis.json import loads
from chassis.server import serve
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys
from events import Event
from events.identity import CustomerRegistered
from events.sales import BillRequested, BillWithdrawn, OrderLapsed, OrderPlaced, PaymentDeclined
from nobat.servers.ports import free_port
from nobat.testing.bank_page import BankPage, Place, go
from payment.app import MIGRATIONS, build
from payment.checkout import Checkout
from payment.config import Settings
from payment.ledger.queries import Balance, balance_check
from payment.providers.capabilities import CAPABILITIES
from simulators.app import create_app
from simulators.settings import Settings as BankSettings

NATIONAL_CODE = "0010350829"
MERCHANT = "11111111-2222-4333-8444-555555555555"
PREPAYMENT = 900_000_000
A_MONTH = 30 * 24 * 3600
TABLES = (
    "bills, billed_orders, requested_bills, payments, bank_references, received_callbacks, owed_returns, "
    "outbox, idempotency_keys, job_leases, buyers"
)


@dataclass
class BankDesk:
    """The simulated bank from both sides: its pay page, and the levers behind the counter."""

    url: str
    client: httpx.AsyncClient
    visits: list[str]

    async def pay(self, redirect_url: str, outcome: str = "paid") -> str | None:
        """The buyer decides on the pay page; gives the callback address the browser is sent to, if any."""
        answer = await self.client.post(redirect_url, data={"outcome": outcome})
        location: str | None = answer.headers.get("location")
        return location

    async def arm_next(self, *faults: dict[str, Any], count: int = 1) -> None:
        answer = await self.client.post(
            "/bank/faults/next", json={"count": count, "faults": [{"seconds": 5} | f for f in faults]}
        )
        assert answer.status_code == 200, answer.text

    async def arm(self, redirect_url: str, *faults: dict[str, Any]) -> None:
        """Replaces the faults that one payment has before it."""
        answer = await self.client.put(
            f"/bank/faults/payments/{authority_of(redirect_url)}", json=[{"seconds": 5} | f for f in faults]
        )
        assert answer.status_code == 200, answer.text

    async def faults_waiting(self) -> list[Any]:
        """What ``arm_next`` armed and no payment request has met yet."""
        waiting: list[Any] = (await self.client.get("/bank/faults")).json()["waiting"]
        return waiting

    async def clear(self) -> None:
        await self.client.delete("/bank/faults")

    async def struck(self, redirect_url: str, kind: str) -> None:
        """Waits until a fault has met the payment."""
        await eventually(lambda: self.row(redirect_url), until=lambda row: kind in row["faults"])

    async def row(self, redirect_url: str) -> dict[str, Any]:
        authority = authority_of(redirect_url)
        return next(row for row in await self.books() if row["reference"] == authority)

    async def books(self) -> list[dict[str, Any]]:
        answer = await self.client.get("/bank/books")
        rows: list[dict[str, Any]] = answer.json()["payments"]
        return rows


@dataclass
class Shop:
    """The service under test and short ways to arrange its world."""

    service: Service
    checkout: Checkout
    clock: MovableClock
    keys: TestKeys
    client: httpx.AsyncClient
    bank: BankDesk
    buyer: UUID = field(default_factory=uuid4)

    @property
    def database(self) -> Database:
        return self.service.database

    async def hear(self, *events: Event) -> None:
        """Handles events as the consumers do: each in a transaction."""
        for event in events:
            for subscription in self.service.subscriptions:
                if handler := subscription.handlers.get(type(event)):
                    async with self.database.transaction() as session:
                        await handler(session, event)

    def registered(self, national_code: str) -> CustomerRegistered:
        keyring = Keyring.parse(self.checkout.settings.event_keys)
        sealed = keyring.seal_object(
            {"national_code": national_code}, f"{CustomerRegistered.name}.national_code"
        )
        return CustomerRegistered(
            version=1,
            customer_id=self.buyer,
            national_code_index="00",
            birth_date=date(1990, 1, 1),
            gender="female",
            province="کرمان",
            mobile_verified=True,
            contact="",
            national_code=sealed,
        )

    def placed(self, order_id: UUID | None = None, *, amount: int = PREPAYMENT) -> OrderPlaced:
        return OrderPlaced(
            version=1,
            order_id=order_id or uuid4(),
            customer_id=self.buyer,
            plan_id=uuid4(),
            request_number="140400000012",
            title="نوبت ۱",
            amount=amount,
            pay_before=self.clock() + timedelta(hours=48),
        )

    def lapsed(self, order_id: UUID) -> OrderLapsed:
        return OrderLapsed(
            version=2, order_id=order_id, customer_id=self.buyer, request_number="140400000012"
        )

    def requested(self, order_id: UUID | None = None, **changes: Any) -> BillRequested:
        facts: dict[str, Any] = {
            "version": 1,
            "bill_id": uuid4(),
            "order_id": order_id or uuid4(),
            "customer_id": self.buyer,
            "purpose": "instalment",
            "amount": PREPAYMENT,
            "due_at": self.clock() + timedelta(days=10),
        }
        return BillRequested(**(facts | changes))

    def withdrawn(self, request: BillRequested) -> BillWithdrawn:
        return BillWithdrawn(
            version=2,
            bill_id=request.bill_id,
            order_id=request.order_id,
            customer_id=request.customer_id,
            reason="order_cancelled",
        )

    async def declined(self, payment_id: str) -> PaymentDeclined:
        payment = await self.payment(payment_id)
        bill = await self.bill(payment["bill_id"])
        return PaymentDeclined(
            version=3,
            order_id=UUID(bill["order_id"]),
            customer_id=self.buyer,
            bill_id=UUID(bill["id"]),
            payment_id=UUID(payment_id),
            reason="order_lapsed",
        )

    async def new_bill(self, *, amount: int = PREPAYMENT) -> dict[str, Any]:
        order = self.placed(amount=amount)
        await self.hear(order)
        [bill] = await self.bills(order.order_id)
        return bill

    def authorization(self, customer_id: UUID | None = None) -> dict[str, str]:
        token = self.keys.token(customer_id or self.buyer, lifetime=A_MONTH)
        return {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, customer_id: UUID | None = None, **query: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", params=query, headers=self.authorization(customer_id))

    async def bill(self, bill_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get(f"/bills/{bill_id}")).json()
        return found

    async def bills(self, order_id: UUID) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.get("/bills", order_id=str(order_id))).json()["items"]
        return items

    async def payment(self, payment_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get(f"/payments/{payment_id}")).json()
        return found

    async def state(self, payment_id: str) -> str:
        state: str = (await self.payment(payment_id))["state"]
        return state

    async def start(
        self, bill_id: str, *, key: str | None = None, buyer: UUID | None = None, **body: Any
    ) -> httpx.Response:
        headers = self.authorization(buyer) | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"/api/v1/bills/{bill_id}/payments", json=body, headers=headers)

    async def started(self, bill_id: str, **body: Any) -> dict[str, Any]:
        answer = await self.start(bill_id, **body)
        assert answer.status_code == 201, answer.text
        begun: dict[str, Any] = answer.json()
        return begun

    async def come_back(self, callback_url: str | None) -> httpx.Response:
        """The browser follows the bank's redirect, through the gateway, without logging in."""
        assert callback_url is not None, "the bank sent no browser back"
        url = urlsplit(callback_url)
        return await self.client.get(f"{url.path}?{url.query}")

    async def at_bank(self, begun: dict[str, Any], outcome: str = "paid", **more: str) -> Place | None:
        """The buyer at the pay page of any bank; gives where the bank sends the browser, if anywhere."""
        form = begun["form"] or {"action": begun["redirect_url"], "fields": {}}
        page = BankPage(self.bank.client, form["action"], form["fields"])
        return await page.decide(outcome, **more)

    async def return_to_shop(self, place: Place | None) -> httpx.Response:
        """The browser follows the bank's way back, through the gateway, without logging in."""
        assert place is not None, "the bank sent no browser back"
        url = urlsplit(place.url)
        return await go(self.client, Place(f"{url.path}?{url.query}" if url.query else url.path, place.form))

    async def pay(self, bill_id: str, outcome: str = "paid", **body: Any) -> str:
        """The whole way of a buyer; gives the payment's id."""
        begun = await self.started(bill_id, **body)
        await self.return_to_shop(await self.at_bank(begun, outcome))
        return str(begun["payment_id"])

    async def advance(self, **amount: float) -> None:
        """Time passes, for the service and for the bank."""
        self.clock.advance(**amount)
        await self.bank.client.post(
            "/bank/clock/advance", json={"seconds": timedelta(**amount).total_seconds()}
        )

    async def run(self, job_name: str) -> None:
        """A job's rounds until nothing is waiting."""
        job = next(job for job in self.service.jobs if job.name == job_name)
        while await job.run():
            pass

    async def published(self, name: str) -> list[dict[str, Any]]:
        async with self.database.transaction() as session:
            rows = await session.execute(
                text("SELECT message FROM outbox WHERE routing_key = :name ORDER BY id"), {"name": name}
            )
            return [loads(bytes(message))["payload"] for (message,) in rows]

    async def balance(self) -> Balance:
        async with self.database.transaction() as session:
            return await balance_check(session)

    async def rows(self, statement: str) -> list[Any]:
        async with self.database.transaction() as session:
            return list(await session.execute(text(statement)))


def authority_of(redirect_url: str) -> str:
    """The last part of its path, or what its query says."""
    return re.split("[/=]", redirect_url)[-1]


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
        provider_timeout=2,
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
