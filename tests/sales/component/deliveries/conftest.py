"""Orders that are paid for and wait for their cars."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from chassis.imports import Importer
from iran import tehran_date
from sales.contracts.tables import Contract
from sales.orders.numbers import NumberKind, new_number
from sales.orders.received import OrderPayment
from sales.orders.tables import Order
from sales.plans.terms import Delivery, OrderTerms

STEPS = "/api/v1/staff/deliveries/steps"
IMPORTS = "/api/v1/staff/deliveries/imports"
PRICE = 1_000_000_000
NUMBERS = {
    "allocated": lambda number: {"vin": vin(number)},
    "invoiced": lambda number: {"invoice_number": f"F-{number}"},
    "plated": lambda number: {"plate": f"ایران ۱۱ - {number} ب ۲۲"},
}


def vin(number: int) -> str:
    return f"NAAA{number:013d}"


@dataclass
class Settled:
    """An order whose price is paid, under contract."""

    order_id: UUID
    customer_id: UUID
    number: str


@dataclass
class Yard:
    """Ways to take steps, by hand and by file."""

    office: Any
    importer: Importer
    plan_id: UUID

    @property
    def today(self) -> date:
        return tehran_date(self.office.clock())

    @staticmethod
    def vin(number: int) -> str:
        return vin(number)

    @staticmethod
    def late_since(day: date) -> dict[str, Any]:
        """The terms of an order whose car was due on ``day``."""
        return {"delivery": Delivery(until_date=day)}

    async def end(self, one: Settled) -> None:
        """The order is cancelled, however that came about."""
        async with self.office.database.transaction() as session:
            order = await session.get_one(Order, one.order_id)
            order.live, order.state = False, "cancelled"

    async def settled(self, count: int = 1, *, state: str = "settled", **terms: Any) -> list[Settled]:
        """``terms`` are those of the order; all was paid a year ago."""
        paid_at = self.office.clock() - timedelta(days=365)
        made = [Settled(uuid7(), uuid7(), new_number(NumberKind.CONTRACT)) for _ in range(count)]
        async with self.office.database.transaction() as session:
            for one in made:
                session.add(_order(one, self, state, paid_at, OrderTerms(**terms)))
                session.add(_contract(one, paid_at))
                session.add(_payment(one, paid_at))
        return made

    async def step(self, one: Settled, step: str, number: int = 1, **changes: Any) -> Any:
        body = {"contract_number": one.number, "step": step, **NUMBERS.get(step, lambda _: {})(number)}
        return await self.office.client.post(STEPS, json=body | changes, headers=self.office.manager)

    async def send_in(self, content: bytes, file_format: str = "csv", part: int = 1_000_000) -> str:
        """Sends a file in parts and starts it; its path."""
        client, headers = self.office.client, self.office.manager
        begun = await client.post(
            IMPORTS, json={"file_name": f"cars.{file_format}", "format": file_format}, headers=headers
        )
        return await self.filled(begun, content, part)

    async def filled(self, begun: Any, content: bytes, part: int = 1_000_000) -> str:
        """Sends the parts of a file that was begun, and starts it; its path."""
        client, headers = self.office.client, self.office.manager
        path = f"{IMPORTS}/{begun.json()['import_id']}"
        parts = [content[start : start + part] for start in range(0, len(content), part)]
        for number, piece in enumerate(parts, 1):
            sent = await client.put(f"{path}/parts/{number}", content=piece, headers=headers)
            assert sent.status_code == 204, sent.text
        started = await client.post(f"{path}/start", json={"parts": len(parts)}, headers=headers)
        assert started.json()["state"] == "running", started.text
        return path

    async def taken_in(self, content: bytes, file_format: str = "csv") -> tuple[dict[str, Any], str]:
        """What became of a file, and the list of its bad rows."""
        return await self.finished(await self.send_in(content, file_format))

    async def finished(self, path: str) -> tuple[dict[str, Any], str]:
        while await self.importer.run():
            pass
        seen = await self.office.client.get(path, headers=self.office.manager)
        errors = await self.office.client.get(f"{path}/errors.csv", headers=self.office.manager)
        return seen.json(), errors.text

    async def see(self, one: Settled, what: str = "") -> Any:
        path = f"/api/v1/orders/{one.order_id}{what}"
        return await self.office.client.get(path, headers=self.office.buyer(one.customer_id))


def _order(one: Settled, yard: Yard, state: str, paid_at: datetime, terms: OrderTerms) -> Order:
    return Order(
        id=one.order_id,
        request_number=new_number(NumberKind.REQUEST),
        plan_id=yard.plan_id,
        offering_id=uuid4(),
        customer_id=one.customer_id,
        dealership_id=yard.office.dealership_id,
        title="نوبت ۱",
        colour=None,
        price=PRICE,
        prepayment=PRICE,
        state=state,
        live=state not in {"cancelled", "voided", "lapsed"},
        version=4,
        placed_at=paid_at,
        pay_before=paid_at,
        terms=terms.model_dump(mode="json"),
        timeline=[{"state": state, "at": paid_at.isoformat()}],
        idempotency_key=None,
        fingerprint=b"",
    )


def _contract(one: Settled, at: datetime) -> Contract:
    return Contract(
        id=uuid7(),
        number=one.number,
        order_id=one.order_id,
        customer_id=one.customer_id,
        payment_id=uuid4(),
        terms={},
        activated_at=at,
    )


def _payment(one: Settled, at: datetime) -> OrderPayment:
    return OrderPayment(
        payment_id=uuid7(), order_id=one.order_id, bill_id=None, purpose="principal", amount=PRICE, paid_at=at
    )


@pytest.fixture
async def yard(office) -> Yard:
    importer = next(part for part in office.service.provides if isinstance(part, Importer))
    return Yard(office, importer, UUID((await office.open_plan())["plan_id"]))
