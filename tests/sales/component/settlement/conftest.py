"""A buyer under contract, whose bills payment would issue and the bank would take."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from events import Event
from events.identity import CustomerRegistered
from events.payment import BillPaid, BillPartPaid

MILLION = 1_000_000
PRICE, PREPAYMENT = 1_000 * MILLION, 400 * MILLION
INSTALMENTS = [{"after_days": 30, "share": 2_000}, {"after_days": 60}, {"after_days": 90}]


@dataclass
class Deal:
    """An order and its buyer at the sales office."""

    office: Any
    buyer: UUID
    order_id: str

    async def get(self, path: str = "") -> httpx.Response:
        url = f"/api/v1/orders/{self.order_id}{path}"
        answer: httpx.Response = await self.office.client.get(url, headers=self.office.buyer(self.buyer))
        return answer

    async def order(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get()).json()
        return found

    async def schedule(self) -> dict[str, Any]:
        answer = await self.get("/schedule")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def ask(self, purpose: str, key: str | None = None) -> httpx.Response:
        headers = self.office.buyer(self.buyer) | ({"Idempotency-Key": key} if key else {})
        url = f"/api/v1/orders/{self.order_id}/bills"
        answer: httpx.Response = await self.office.client.post(
            url, json={"purpose": purpose}, headers=headers
        )
        return answer

    async def hear(self, event: Event) -> None:
        handlers = {
            kind: handle
            for each in self.office.service.subscriptions
            for kind, handle in each.handlers.items()
        }
        async with self.office.database.transaction() as session:
            await handlers[type(event)](session, event)

    async def pay(self, purpose: str, amount: int, bill_id: str | None = None) -> BillPaid:
        event = BillPaid(**self._money(bill_id), purpose=purpose, amount=amount)
        await self.hear(event)
        return event

    async def pay_part(self, bill_id: str, amount: int, remaining: int) -> None:
        part = self._money(bill_id)
        await self.hear(BillPartPaid(**part, purpose="instalment", amount=amount, remaining=remaining))

    def _money(self, bill_id: str | None) -> dict[str, Any]:
        return {
            "version": 2,
            "bill_id": UUID(bill_id) if bill_id else uuid4(),
            "order_id": UUID(self.order_id),
            "customer_id": self.buyer,
            "payment_id": uuid4(),
            "reference": "42",
            "paid_at": self.office.clock(),
        }

    async def run(self, job_name: str) -> None:
        job = next(job for job in self.office.service.jobs if job.name == job_name)
        while await job.run():
            pass

    async def requested(self) -> list[dict[str, Any]]:
        """The bills that payment was asked for."""
        return [
            event
            for event in await self.office.published("sales.bill_requested.v1")
            if event["order_id"] == self.order_id
        ]


@pytest.fixture
async def sign(office):
    """Makes a deal: an order of a plan that differs as said, with its prepayment paid."""

    async def make(*, prepayment: int = PREPAYMENT, paid: bool = True, **changes: Any) -> Deal:
        plan = office.plan_body(**changes)
        car = {**plan["offerings"][0], "price": PRICE, "prepayment": prepayment}
        published = await office.open_plan(**{**changes, "offerings": [car]})
        [buyer] = await office.customers(1)
        placed = await office.order(buyer, published)
        assert placed.status_code == 201, placed.text
        deal = Deal(office, buyer, placed.json()["order_id"])
        if paid:
            await deal.pay("prepayment", prepayment)
        return deal

    return make


@pytest.fixture
async def by_instalments(sign):
    """Three instalments of 200 million, 18 % a year for being late."""
    terms = {"instalments": INSTALMENTS, "rates": {"late_fee": 1_800}}
    return await sign(kind="instalment", terms=terms)


@pytest.fixture
def named():
    """Tells sales the name of the buyer of a deal, as identity does."""
    return _named


async def _named(deal: Deal, first_name: str, last_name: str, version: int = 1) -> None:
    [buyers] = [each for each in deal.office.service.subscriptions if each.queue == "sales.buyers"]
    hear = buyers.handlers[CustomerRegistered]
    contact = {"mobile": "09120000000", "first_name": first_name, "last_name": last_name}
    event = CustomerRegistered(
        version=version,
        customer_id=deal.buyer,
        national_code_index="00",
        birth_date="1990-01-01",
        gender="female",
        province="تهران",
        mobile_verified=True,
        contact=hear.keywords["event_keyring"].seal_object(contact, f"{CustomerRegistered.name}.contact"),
    )
    async with deal.office.database.transaction() as session:
        await hear(session, event)
