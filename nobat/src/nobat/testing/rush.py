"""A launch without the rest of the system: sales processes behind the gateway, and everybody at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
from pyreqwest.client import Client
from sqlalchemy import insert, select, text
from uuid_utils.compat import uuid7

from chassis.clock import system_clock
from chassis.database import Database, migrate
from chassis.http import new_client
from chassis.json import loads
from chassis.testing.tokens import TestKeys
from nobat.secret_store import open_secrets
from nobat.seed.dealerships import records
from nobat.servers.ports import LOOPBACK
from nobat.servers.runtime import throwaway_folder
from nobat.supervisor import Program, Supervisor
from nobat.testing.facts import Facts, read_order_facts
from nobat.testing.person import Person
from nobat.testing.plan import order_form
from nobat.testing.publication import publish_plan
from nobat.testing.told import ClientLedger, Told
from nobat.testing.visitor import API, Json
from nobat.topology import SERVICES, Servers, Shape, Topology, describe
from sales.app import MIGRATIONS
from sales.customers.tables import Customer
from sales.dealerships.service import register
from sales.dealerships.tables import Dealership
from sales.eligibility.tables import Fact
from sales.plans.tables import Offering, Quota

PROVINCE = Person.number(0).province
ANSWER_SECONDS = 40
ADULT = date(1990, 1, 1)
PLACED = "sales.order_placed.v1"


@dataclass(frozen=True)
class Rusher:
    customer_id: UUID
    token: str


class Rush:
    """``orders`` go to the gateway over as many connections as there are people."""

    def __init__(self, folder: Path, servers: Servers, topology: Topology, keys: TestKeys) -> None:
        self.dealership_id = ""
        self.dealership_ids: list[str] = []
        self._folder = folder
        self._servers = servers
        self._gateway_url = topology.gateway_url
        self._apis = [process.url for process in topology.processes if process.name.startswith("sales.api")]
        self._keys = keys
        self._sales = Database(servers.databases["sales"], pool_size=1)

    async def people(self, count: int) -> list[Rusher]:
        """Customers that sales has heard of."""
        ids = [uuid7() for _ in range(count)]
        async with self._sales.transaction() as session:
            await session.execute(insert(Customer), [_customer(customer_id) for customer_id in ids])
        return [Rusher(customer_id, self._keys.token(customer_id, lifetime=7200)) for customer_id in ids]

    async def enlist(self, people: Sequence[Rusher], applicant_class: str) -> None:
        """Puts them on the list of the members of a class."""
        origin = {"value": {}, "source": "test", "imported_at": system_clock(), "import_id": uuid4()}
        fact = {"name": "class_member", "item": applicant_class, **origin}
        rows = [{"subject": who.customer_id.hex, **fact} for who in people]
        async with self._sales.transaction() as session:
            await session.execute(insert(Fact), rows)

    async def plan(self, capacity: int, car: Json | None = None, **changes: Any) -> Json:
        """``car`` and ``changes`` are other fields of the car and of the plan."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return await publish_plan(self._sales, self._apis, client, capacity, car, **changes)

    async def quotas(self, plan: Json) -> dict[tuple[str, str], tuple[int, int]]:
        """Capacity and sold of each limited quota, by level and key."""
        query = select(Quota).join(Offering).where(Offering.plan_id == UUID(plan["plan_id"]))
        async with self._sales.transaction() as session:
            rows = await session.scalars(query.where(Quota.capacity.is_not(None)))
            return {(row.level, row.key): (row.capacity or 0, row.sold) for row in rows}

    async def everybody_orders(
        self,
        people: Sequence[Rusher],
        plan: Json,
        keys: Sequence[str] | None = None,
        wishes: Sequence[Json] | None = None,
    ) -> ClientLedger:
        """All at once; what each was told. ``keys`` are their idempotency keys, if not all different;
        ``wishes`` are what each asks for besides the plan's first car.
        """
        ledger = ClientLedger(self._folder / f"told-{uuid4()}.jsonl")
        keys = keys or [str(uuid4()) for _ in people]
        wishes = wishes or [{} for _ in people]
        async with new_client(timeout=ANSWER_SECONDS, connect_timeout=ANSWER_SECONDS) as client:
            forms = (order_form(plan, **{"dealership_id": self.dealership_id, **wish}) for wish in wishes)
            asked = zip(people, forms, keys, strict=True)
            orders = (self._order(client, who, form, key) for who, form, key in asked)
            for told in await asyncio.gather(*orders):
                ledger.note(told)
        return ledger

    async def _order(self, client: Client, who: Rusher, form: Json, key: str) -> Told:
        asked = client.post(f"{self._gateway_url}{API}/orders").bearer_auth(who.token).body_json(form)
        response = await asked.header("idempotency-key", key).build().send()
        body: Json = loads(bytes(await response.bytes()))
        return Told(str(who.customer_id), "POST", "/orders", response.status, form, key, body)

    async def facts(self, plan: Json) -> Facts:
        return await read_order_facts(self._servers, [plan["plan_id"]])

    async def announced(self, plan: Json) -> list[str]:
        """The orders of the plan that the outbox tells of; nobody sends it away here."""
        async with self._sales.transaction() as session:
            messages = await session.scalars(
                text("SELECT message FROM outbox WHERE routing_key = :name"), {"name": PLACED}
            )
            payloads = [loads(message)["payload"] for message in messages]
        return [payload["order_id"] for payload in payloads if payload["plan_id"] == plan["plan_id"]]

    async def open(self) -> None:
        async with self._sales.transaction() as session:
            first = next(record for record in records() if record.province == PROVINCE)
            second = first.model_copy(update={"code": f"{first.code}-2", "name": f"{first.name} ۲"})
            await register(session, [*records(), second])
            found = await session.scalars(select(Dealership.id).where(Dealership.province == PROVINCE))
            self.dealership_ids = [str(dealership_id) for dealership_id in found]
            self.dealership_id = self.dealership_ids[0]

    async def close(self) -> None:
        await self._sales.close()


@asynccontextmanager
async def new_rush(database_url: str, processes: int) -> AsyncIterator[Rush]:
    """So many sales processes on the empty database, and a gateway."""
    await migrate(database_url, MIGRATIONS)
    with throwaway_folder() as folder, published_keys(folder) as (keys, jwks_url):
        servers = Servers(dict.fromkeys(SERVICES, database_url), dict.fromkeys(SERVICES, ""))
        settings = {"sales": {"JWKS_URL": jwks_url}, "gateway": {"JWKS_URL": jwks_url, "LIMIT_FACTOR": "0"}}
        shape = Shape(apis={"sales": processes}, settings=settings)
        topology = describe(servers, open_secrets(folder), shape)
        rush = Rush(folder, servers, topology, keys)
        await rush.open()
        chosen = [
            process for process in topology.processes if process.name.startswith(("sales.api", "gateway"))
        ]
        programs = [Program(p.name, p.argv, folder / f"{p.name}.log", p.env, p.ready) for p in chosen]
        try:
            async with Supervisor(programs):
                yield rush
        finally:
            await rush.close()


def _customer(customer_id: UUID) -> dict[str, object]:
    return {
        "id": customer_id,
        "national_code_index": customer_id.hex,
        "birth_date": ADULT,
        "province": PROVINCE.value,
        "mobile_verified": True,
        "version": 1,
    }


@contextmanager
def published_keys(folder: Path) -> Iterator[tuple[TestKeys, str]]:
    """A key pair and the address of its JWKS document."""
    keys = TestKeys()
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(keys.private_key.public_key()))
    published = folder / "keys"
    published.mkdir()
    (published / "jwks.json").write_text(json.dumps({"keys": [public | {"kid": keys.key_id}]}))
    server = ThreadingHTTPServer((LOOPBACK, 0), partial(_Quiet, directory=str(published)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield keys, f"http://{LOOPBACK}:{server.server_port}/jwks.json"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the class above
        """Nothing: the output belongs to the test."""
