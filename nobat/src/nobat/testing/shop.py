"""Payment as its buyers, its bank and the other services meet it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from chassis.crypto import Keyring
from chassis.database import Database
from chassis.json import loads
from chassis.service import Service
from chassis.testing.clock import MovableClock
from chassis.testing.tokens import TestKeys
from events import Event
from events.identity import CustomerRegistered
from events.sales import BillRequested, BillWithdrawn, OrderLapsed, OrderPlaced, PaymentDeclined
from nobat.testing.bank_desk import BankDesk
from nobat.testing.bank_page import BankPage, Place, go
from payment.checkout import Checkout
from payment.ledger.queries import Balance, balance_check

PREPAYMENT = 900_000_000
A_MONTH = 30 * 24 * 3600


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
        assert answer.is_success, answer.text
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
