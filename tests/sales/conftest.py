"""A sales service on a database of its own, with a plan, a dealership and buyers."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import insert, select, text
from uuid_utils.compat import uuid7

from chassis.crypto import BlindIndex, Keyring, new_key
from chassis.database import Database, migrate
from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from chassis.testing.restoring import RESTORE, make_restorable
from chassis.testing.tokens import TestKeys
from events.identity import NATIONAL_CODE
from iran import Province
from iran.samples import national_code
from sales.app import MIGRATIONS, build
from sales.config import Settings
from sales.customers.tables import Customer
from sales.dealerships import service as dealerships
from sales.dealerships.service import DealershipRecord
from sales.dealerships.tables import Dealership
from sales.orders.tables import Order
from sales.plans.tables import Offering


@dataclass
class SalesOffice:
    """The service under test and short ways to arrange its world."""

    service: Service
    clock: MovableClock
    keys: TestKeys
    client: httpx.AsyncClient
    index: BlindIndex
    dealership_id: UUID
    event_keyring: Keyring

    @property
    def database(self) -> Database:
        return self.service.database

    @property
    def manager(self) -> dict[str, str]:
        return self.keys.authorization(uuid4(), ["manager"])

    def buyer(self, customer_id: UUID) -> dict[str, str]:
        return self.keys.authorization(customer_id)

    def plan_body(self, **changes: Any) -> dict[str, Any]:
        now = self.clock()
        return {
            "circular": f"C-{uuid4().hex[:10]}",
            "title": "فروش فوری آذر",
            "kind": "immediate",
            "opens_at": now.isoformat(),
            "closes_at": (now + timedelta(days=2)).isoformat(),
            "pay_within": "PT48H",
            "offerings": [
                {
                    "model": "نوبت ۱",
                    "trim": "کامل",
                    "colours": ["سفید", "سیاه"],
                    "price": 9_000_000_000,
                    "prepayment": 900_000_000,
                    "capacity": 10,
                }
            ],
            **changes,
        }

    async def open_plan(self, *, capacity: int = 10, **changes: Any) -> dict[str, Any]:
        """A published plan with one offering, as the public sees it."""
        body = self.plan_body(**changes)
        body["offerings"][0]["capacity"] = capacity
        drafted = await self.client.post("/api/v1/staff/plans", json=body, headers=self.manager)
        path = f"/api/v1/staff/plans/{drafted.json()['plan_id']}/publication"
        published = await self.client.post(path, headers=self.manager)
        assert published.status_code == 200, published.text
        plan: dict[str, Any] = published.json()
        return plan

    async def customers(self, count: int, **facts: Any) -> list[UUID]:
        """Adult customers of Tehran with a verified mobile, unless ``facts`` say otherwise."""
        rows = [
            {
                "id": uuid7(),
                "national_code_index": self.index.of(national_code(number), NATIONAL_CODE),
                "birth_date": date(1990, 1, 1),
                "province": Province.TEHRAN.value,
                "mobile_verified": True,
                "version": 1,
                **facts,
            }
            for number in range(count)
        ]
        async with self.database.transaction() as session:
            await session.execute(insert(Customer), rows)
        return [row["id"] for row in rows]

    def order_body(self, plan: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return {
            "plan_id": plan["plan_id"],
            "choices": [{"offering_id": plan["offerings"][0]["offering_id"]}],
            "dealership_id": str(self.dealership_id),
            **changes,
        }

    async def order(
        self, customer_id: UUID, plan: dict[str, Any], *, key: str | None = None, **changes: Any
    ) -> httpx.Response:
        headers = self.buyer(customer_id) | ({"Idempotency-Key": key} if key else {})
        body = self.order_body(plan, **changes)
        return await self.client.post("/api/v1/orders", json=body, headers=headers)

    async def sold(self, plan: dict[str, Any]) -> int:
        async with self.database.transaction() as session:
            query = select(Offering.sold).where(Offering.plan_id == UUID(plan["plan_id"]))
            sold: int = (await session.scalars(query)).one()
            return sold

    async def orders_of(self, plan: dict[str, Any]) -> list[Order]:
        async with self.database.transaction() as session:
            rows = await session.scalars(select(Order).where(Order.plan_id == UUID(plan["plan_id"])))
            return list(rows)

    async def published(self, name: str) -> list[dict[str, Any]]:
        """The payloads of the events of that name in the outbox, oldest first."""
        async with self.database.transaction() as session:
            rows = await session.execute(
                text(
                    "SELECT convert_from(message, 'UTF8')::jsonb -> 'payload' FROM outbox"
                    " WHERE routing_key = :name ORDER BY id"
                ),
                {"name": name},
            )
            return [row[0] for row in rows]


SalesSettings = Callable[[str], Settings]


def settings_for(database_url: str, index_key: str) -> Settings:
    return Settings(
        database_url=database_url,
        amqp_url="",
        jwks_url="http://127.0.0.1:1/",
        event_keys=f"test:{new_key()}",
        index_key=index_key,
        data_keys=f"test:{new_key()}",
    )


@pytest.fixture(scope="session")
async def sales_database(make_database: Callable[[str], str], keep_pool: Callable[[str], str]) -> str:
    url = keep_pool(make_database("sales_component"))
    await migrate(url, MIGRATIONS)
    await make_restorable(url)
    return url


@pytest.fixture
async def office(sales_database: str, tmp_path: Path) -> AsyncIterator[SalesOffice]:
    clock, index_key = MovableClock(), new_key()
    keys = TestKeys(clock)
    settings = settings_for(sales_database, index_key).model_copy(update={"attachments_dir": tmp_path})
    async with build(settings, clock=clock, keys=keys).opened() as service:
        async with service.database.transaction() as session:
            await session.execute(text(RESTORE))
            await dealerships.register(session, [TEHRAN_DEALERSHIP, FARS_DEALERSHIP])
            tehran = await session.scalar(select(Dealership.id).where(Dealership.code == "1001"))
        transport = httpx.ASGITransport(create_api(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://sales") as client:
            assert tehran is not None
            index, event_keyring = BlindIndex.parse(index_key), Keyring.parse(settings.event_keys)
            yield SalesOffice(service, clock, keys, client, index, tehran, event_keyring)


TEHRAN_DEALERSHIP = DealershipRecord(
    code="1001",
    name="نمایندگی ونک",
    province=Province.TEHRAN,
    city="تهران",
    address="میدان ونک",
    phone="02188000000",
    hours="شنبه تا چهارشنبه ۸ تا ۱۶",
    latitude=35.757,
    longitude=51.41,
)
FARS_DEALERSHIP = TEHRAN_DEALERSHIP.model_copy(
    update={"code": "2001", "name": "نمایندگی زند", "province": Province.FARS, "city": "شیراز"}
)
