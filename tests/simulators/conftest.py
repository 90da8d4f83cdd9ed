import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from simulators.app import create_app
from simulators.settings import Settings

MERCHANT = "11111111-2222-4333-8444-555555555555"
CALLBACK = "http://shop.test/callback?payment=7"


@pytest.fixture(scope="session")
def until() -> Callable[..., Awaitable[None]]:
    """Wait until an awaited condition holds, at most a minute."""

    async def until(condition: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(60):
            while True:
                if await condition():
                    return
                await asyncio.sleep(0.01)

    return until


@pytest.fixture
def settings() -> Settings:
    return Settings(sms_credit=1_000_000, kavenegar_patterns={"code": "کد شما: %token"})


@pytest.fixture
def visits() -> list[str]:
    """The callback URLs the bank called by itself."""
    return []


@pytest.fixture
def app(settings: Settings, visits: list[str]) -> FastAPI:
    async def visit(url: str, form: Mapping[str, str] | None = None) -> None:
        visits.append(url)

    return create_app(settings, visit)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with httpx.AsyncClient(transport=ASGITransport(app), base_url="http://simulator") as client:
        yield client


@pytest.fixture
def call(client: AsyncClient) -> Callable[..., Awaitable[Response]]:
    """Call a ZarinPal method as the merchant: `call("verify", authority=…, amount=…)`."""

    async def call(method: str, **body: Any) -> Response:
        return await client.post(f"/pg/v4/payment/{method}.json", json={"merchant_id": MERCHANT, **body})

    return call


@pytest.fixture
def open_payment(call: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[str]]:
    """Ask for a payment of 50,000 Rial unless told otherwise; gives its authority."""

    async def open_payment(**body: Any) -> str:
        wanted = {"amount": 50_000, "currency": "IRR", "description": "پیش‌پرداخت", "callback_url": CALLBACK}
        answer = await call("request", **wanted | body)
        assert answer.status_code == 200, answer.text
        authority: str = answer.json()["data"]["authority"]
        return authority

    return open_payment


@pytest.fixture
def pay(client: AsyncClient) -> Callable[..., Awaitable[Response]]:
    async def pay(authority: str, outcome: str = "paid") -> Response:
        return await client.post(f"/pg/StartPay/{authority}", data={"outcome": outcome})

    return pay


@pytest.fixture
def booked(client: AsyncClient) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """The row of one payment in the bank's books."""

    async def booked(authority: str) -> dict[str, Any]:
        rows = (await client.get("/bank/books")).json()["payments"]
        return next(row for row in rows if row["reference"] == authority)

    return booked


@pytest.fixture
def arm(client: AsyncClient) -> Callable[..., Awaitable[None]]:
    """Arm one fault for one payment."""

    async def arm(authority: str, kind: str, **details: Any) -> None:
        answer = await client.put(f"/bank/faults/payments/{authority}", json=[{"kind": kind, **details}])
        assert answer.status_code == 200, answer.text

    return arm


@pytest.fixture
def advance(client: AsyncClient) -> Callable[[float], Awaitable[None]]:
    """Move the bank's clock."""

    async def advance(seconds: float) -> None:
        await client.post("/bank/clock/advance", json={"seconds": seconds})

    return advance


@pytest.fixture
def kavenegar(client: AsyncClient) -> Callable[..., Awaitable[Response]]:
    """Call a Kavenegar method with the right key: `kavenegar("sms/send", receptor=…, message=…)`."""

    async def kavenegar(method: str, **form: Any) -> Response:
        return await client.post(f"/v1/kavenegar-api-key/{method}.json", data=form)

    return kavenegar


@pytest.fixture
def sms_books(client: AsyncClient) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def sms_books() -> dict[str, Any]:
        books: dict[str, Any] = (await client.get("/sms/books")).json()
        return books

    return sms_books
