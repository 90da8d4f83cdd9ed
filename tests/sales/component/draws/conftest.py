"""A plan with a draw, its entrants, and the two members of staff who hold it."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from sales.context import Context
from sales.draws import holding

REVEAL = b"w" * 32
LIST_VETERANS = text(
    "INSERT INTO facts SELECT national_code_index, 'class_member', 'veterans', '{}', 'foundation', now(), id"
    " FROM customers WHERE id = ANY(:ids) ON CONFLICT DO NOTHING"
)
FILES = {
    "rules": "rules.json",
    "commitment": "commitment.json",
    "entries": "entries.txt",
    "seed": "seed.json",
    "result": "result.txt",
}


@dataclass
class DrawDesk:
    """A plan with a draw, its entrants, and the two members of staff who hold it."""

    office: Any
    plan: dict[str, Any] = field(default_factory=dict)
    entrants: list[UUID] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.one, self.other = uuid4(), uuid4()
        self.context = next(part for part in self.office.service.provides if isinstance(part, Context))

    @property
    def plan_id(self) -> UUID:
        return UUID(self.plan["plan_id"])

    async def open(self, **changes: Any) -> None:
        body = self.office.plan_body()
        car = body["offerings"][0] | {"capacity": 2, "class_quotas": {"ordinary": 1, "veterans": 1}}
        other = car | {"trim": "ساده", "capacity": 1, "class_quotas": {"ordinary": 1, "veterans": 0}}
        self.plan = await self.office.open_plan(
            **{
                "method": "draw",
                "max_choices": 2,
                "applicant_classes": ["ordinary", "veterans"],
                "quota_handover": ["ordinary"],
                "offerings": [car, other],
                "capacity": 2,
                **changes,
            }
        )

    async def veterans(self, count: int) -> list[UUID]:
        found: list[UUID] = await self.office.customers(count)
        async with self.office.database.transaction() as session:
            await session.execute(LIST_VETERANS, {"ids": found})
        return found

    async def enter(self, count: int, **changes: Any) -> None:
        await self.enter_all(await self.office.customers(count), **changes)

    async def enter_all(self, customers: list[UUID], **changes: Any) -> None:
        for customer_id in customers:
            choices = [{"offering_id": car["offering_id"]} for car in self.plan["offerings"]]
            answer = await self.office.order(customer_id, self.plan, choices=choices, **changes)
            assert answer.status_code == 201, answer.text
            self.entrants.append(customer_id)
            self.orders.append(answer.json()["order_id"])

    reveal = REVEAL

    def close(self) -> None:
        self.office.clock.advance(days=3)

    def recipe(self) -> dict[str, Any]:
        at = (self.office.clock() + timedelta(hours=2)).isoformat()
        alternatives = [{"name": name, "reading": "the closing index", "at": at} for name in ("tse", "drand")]
        return {
            "witnesses": [{"name": "notary", "commitment": sha256(REVEAL).hexdigest()}],
            "witnesses_until": at,
            "sources": [{"name": "index", "alternatives": alternatives}],
            "abort_after": (self.office.clock() + timedelta(days=2)).isoformat(),
        }

    async def staff(self, method: str, path: str, body: Any = None, by: UUID | None = None) -> httpx.Response:
        headers = self.office.keys.authorization(by or self.one, ["manager"])
        url = f"/api/v1/staff/draws/{self.plan_id}{path}"
        answer: httpx.Response = await self.office.client.request(method, url, json=body, headers=headers)
        return answer

    async def rechecked(self) -> None:
        """What starts by itself once the plan is closed."""
        [job] = [job for job in self.office.service.jobs if job.name == "sales.recheck"]
        while await job.run():
            pass

    async def freeze(self) -> None:
        await self.rechecked()
        answer = await self.staff("POST", "/freeze", self.recipe())
        assert answer.status_code == 202, answer.text
        assert await holding.work(self.office.database, self.context)

    async def seed(self) -> None:
        assert (await self.staff("PUT", "/witnesses/1", {"value": REVEAL.hex()})).status_code == 200
        self.office.clock.advance(hours=3)
        reading = {"value": "2,345,678", "evidence": "page 3"}
        assert (await self.staff("PUT", "/sources/1/alternatives/1", reading)).status_code == 200
        assert (await self.staff("POST", "/proposal")).status_code == 200

    async def hold(self) -> None:
        answer = await self.staff("POST", "/start", by=self.other)
        assert answer.status_code == 202, answer.text
        assert await holding.work(self.office.database, self.context)

    async def public(self, path: str = "") -> httpx.Response:
        answer: httpx.Response = await self.office.client.get(f"/api/v1/draws/{self.plan_id}{path}")
        return answer

    async def download(self, folder: Path) -> None:
        for path, name in FILES.items():
            (folder / name).write_bytes((await self.public(f"/{path}")).content)

    async def ticket(self, number: int) -> dict[str, Any]:
        headers = self.office.buyer(self.entrants[number])
        opened = await self.office.client.get(f"/api/v1/orders/{self.orders[number]}", headers=headers)
        found: dict[str, Any] = opened.json()["draw"]
        return found


@pytest.fixture
async def desk(office) -> DrawDesk:
    desk = DrawDesk(office)
    await desk.open()
    return desk
