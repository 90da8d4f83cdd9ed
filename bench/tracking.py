"""Following an order among millions: how long it takes, and whether the way to it stays the same."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count, cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

from pyreqwest.client import Client
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql
from uuid_utils.compat import uuid7

from bench.filling import filling
from bench.launch import Launch, launch
from bench.registry import percentile
from bench.report import Measurement
from chassis.crypto import BlindIndex
from chassis.database import Database
from chassis.http import new_client
from events.identity import NATIONAL_CODE
from iran.samples import national_code
from sales.contracts.tables import Contract
from sales.customers.tables import Customer
from sales.invitations.tables import Invitation
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order
from sales.tracking.queries import OF_PERSON

PER_SECOND = 200
KNOWN = 500
FEW = 1000
WARM_UP = 200
LOOKED_UP = "/api/v1/tracking"

STRANGERS = (
    """
    INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id, title, price,
                        prepayment, state, live, version, placed_at, timeline, fingerprint)
    SELECT uuidv7(), '1' || lpad(n::text, 10, '0') || 'x', gen_random_uuid(), gen_random_uuid(),
           gen_random_uuid(), gen_random_uuid(), 'm t', 1000000000, 100000000, 'contract_active', true, 3,
           now(), '[]', decode(repeat('00', 32), 'hex')
    FROM generate_series($1::bigint, $2::bigint) AS n
    """,
    """
    INSERT INTO contracts (id, number, order_id, customer_id, payment_id, terms, activated_at)
    SELECT uuidv7(), '2' || lpad(n::text, 10, '0') || 'x', gen_random_uuid(), gen_random_uuid(),
           gen_random_uuid(), '{}', now()
    FROM generate_series($1::bigint, $2::bigint, 5) AS n
    """,
    """
    INSERT INTO invitations (id, number, order_id, plan_id, purpose, amount, bill_id, state, working_days,
                             issued_at, due_at)
    SELECT uuidv7(), '3' || lpad(n::text, 10, '0') || 'x', gen_random_uuid(), gen_random_uuid(), 'principal',
           1, gen_random_uuid(), 'paid', 5, now(), now()
    FROM generate_series($1::bigint, $2::bigint, 5) AS n
    """,
    """
    INSERT INTO customers (id, national_code_index, birth_date, province, mobile_verified, version)
    SELECT uuidv7(), encode(sha256(n::text::bytea), 'hex'), '1990-01-01', 'تهران', true, 1
    FROM generate_series($1::bigint, $2::bigint, 2) AS n
    """,
)
"""Rows from a number to another: an order each, a contract and an invitation for every fifth."""


@dataclass(frozen=True)
class Followed:
    """Somebody with an order and all its numbers."""

    national_code: str
    index: str
    numbers: Sequence[str]


async def measure(folder: Path, seconds: int, rows: int) -> list[Measurement]:
    async with launch(folder) as world:
        people = await _enrol(world)
        await _fill(world, 1, FEW)
        small = await _plans(world, people[0])
        await _fill(world, FEW + 1, rows)
        large = await _plans(world, people[0])
        times = await _follow(world, people, seconds)
    changed = [number for number in small if small[number] != large[number]]
    return [
        Measurement(
            f"tracking at {PER_SECOND}/s with {rows:,} orders, 99th percentile",
            percentile(times, 0.99),
            "ms",
            50,
            at_most=True,
            detail=f"median {percentile(times, 0.5):.1f} ms, worst {max(times):.0f} ms, {len(times)} of them",
        ),
        Measurement(
            f"kinds of number that are found another way among {rows:,} orders than among {FEW:,}",
            len(changed),
            "",
            0,
            at_most=True,
            detail="; ".join(" > ".join(plan) for plan in large.values()),
        ),
    ]


async def _enrol(world: Launch) -> list[Followed]:
    index = BlindIndex.parse(world.topology.find("sales.api.1").env["INDEX_KEY"])
    codes = [str(national_code(number)) for number in range(KNOWN)]
    people = [
        Followed(code, index.of(code, NATIONAL_CODE), [new_number(kind) for kind in KINDS]) for code in codes
    ]
    database = Database(world.database_url)
    async with database.transaction() as session:
        rows = [_rows(person, datetime.now(UTC)) for person in people]
        for table, values in zip(
            (Customer, Order, Contract, Invitation), zip(*rows, strict=True), strict=True
        ):
            await session.execute(insert(table), list(values))
    await database.close()
    return people


KINDS = (NumberKind.REQUEST, NumberKind.CONTRACT, NumberKind.INVITATION)


def _rows(person: Followed, now: datetime) -> tuple[dict[str, Any], ...]:
    customer_id, order_id, plan_id = uuid7(), uuid7(), uuid4()
    request, contract, invitation = person.numbers
    customer = {"id": customer_id, "national_code_index": person.index, "birth_date": date(1990, 1, 1)}
    order = {"id": order_id, "request_number": request, "plan_id": plan_id, "offering_id": uuid4()}
    order |= {"customer_id": customer_id, "dealership_id": uuid4(), "title": "m t", "price": 10}
    order |= {"prepayment": 1, "state": "contract_active", "live": True, "version": 3, "placed_at": now}
    invited = {"id": uuid7(), "number": invitation, "order_id": order_id, "plan_id": plan_id, "amount": 9}
    invited |= {"purpose": "principal", "bill_id": uuid4(), "state": "issued", "working_days": 5}
    signed = {"id": uuid7(), "number": contract, "order_id": order_id, "customer_id": customer_id}
    return (
        customer | {"province": "تهران", "mobile_verified": True, "version": 1},
        order | {"timeline": [{"state": "contract_active", "at": now.isoformat()}], "fingerprint": b"0" * 32},
        signed | {"payment_id": uuid4(), "terms": {}, "activated_at": now},
        invited | {"issued_at": now, "due_at": now},
    )


async def _fill(world: Launch, first: int, last: int) -> None:
    async with filling(world.database_url, "orders", "contracts", "invitations", "customers") as filler:
        for strangers in STRANGERS:
            await filler.run(strangers, first, last)
    await asyncio.to_thread(world.postgres.sql, "CHECKPOINT")


async def _plans(world: Launch, person: Followed) -> dict[str, list[str]]:
    """For each kind of number the steps that PostgreSQL takes, with the tables and indexes they are in."""
    database = Database(world.database_url)
    found = {}
    async with database.transaction() as session:
        for number in person.numbers:
            query = OF_PERSON[number[0]].params(number=number, indexes=[person.index])
            spelt = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
            answer = await session.execute(text(f"EXPLAIN (FORMAT JSON) {spelt}"))
            told = answer.scalar_one()
            found[number] = list(_steps((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))
    await database.close()
    return found


def _steps(plan: dict[str, Any]) -> list[str]:
    place = plan.get("Index Name") or plan.get("Relation Name") or ""
    own = [f"{plan['Node Type']} {place}".strip()]
    return own + [step for part in plan.get("Plans", []) for step in _steps(part)]


async def _follow(world: Launch, people: Sequence[Followed], seconds: int) -> list[float]:
    """Milliseconds from the moment a look-up was due; every fifth is of somebody else's order."""
    urls = cycle([world.topology.find(name).url + LOOKED_UP for name in world.processes("sales.api")])
    asked = cycle([(number, person) for person in people for number in person.numbers])
    times: list[float] = []
    async with new_client(timeout=30) as client, asyncio.TaskGroup() as group:
        started = time.perf_counter()
        for turn in range(WARM_UP + PER_SECOND * seconds):
            due = started + turn / PER_SECOND
            await asyncio.sleep(max(0, due - time.perf_counter()))
            number, person = next(asked)
            guess = turn % 5 == 0
            code = people[turn % KNOWN - 1].national_code if guess else person.national_code
            kept = times if turn >= WARM_UP else []
            group.create_task(_look_up(client, next(urls), number, code, due, kept))
    return times


_addresses = count(1)


async def _look_up(client: Client, url: str, number: str, code: str, due: float, kept: list[float]) -> None:
    n = next(_addresses)
    request = client.post(url).header("X-Client-Address", f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}")
    response = await request.body_json({"number": number, "national_code": code}).build().send()
    assert response.status in {200, 404}, f"answered {response.status}"
    kept.append((time.perf_counter() - due) * 1000)
