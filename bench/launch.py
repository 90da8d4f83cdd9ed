"""A launch to measure: one plan with plenty of cars, buyers with tokens, the processes that serve them."""

import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID, uuid4

import jwt
from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from chassis.database import Database, migrate
from chassis.testing.tokens import TestKeys
from iran import Province
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from nobat.servers.postgres import Postgres
from nobat.supervisor import Program, Supervisor
from nobat.topology import Shape, Topology, describe
from sales.app import MIGRATIONS
from sales.customers.tables import Customer
from sales.dealerships import service as dealerships
from sales.dealerships.service import DealershipRecord
from sales.dealerships.tables import Dealership
from sales.plans.tables import Offering, Plan, Quota

PLENTY = 100_000_000
COLOUR = "w"
DEALERSHIP = DealershipRecord(
    code="1", name="ونک", province=Province.TEHRAN, city="تهران", address="ونک", phone="021", hours="۸ تا ۱۶"
)


@dataclass
class Launch:
    """``body`` is an order, ``divided_body`` one of a car divided by class, dealership and colour;
    ``tokens(n)`` are those of n buyers who never ordered.
    """

    folder: Path
    postgres: Postgres
    database_url: str
    keys: TestKeys
    topology: Topology
    plan_id: UUID
    offering_id: UUID
    dealership_id: UUID
    divided_offering_id: UUID
    written: int = 0

    @property
    def body(self) -> Path:
        return self._order("order.json", {"offering_id": str(self.offering_id)})

    @property
    def divided_body(self) -> Path:
        return self._order("divided.json", {"offering_id": str(self.divided_offering_id), "colour": COLOUR})

    def _order(self, name: str, choice: dict[str, str]) -> Path:
        file = self.folder / name
        order = {
            "plan_id": str(self.plan_id),
            "choices": [choice],
            "dealership_id": str(self.dealership_id),
        }
        file.write_text(json.dumps(order))
        return file

    async def tokens(self, count: int) -> Path:
        buyers = [uuid7() for _ in range(count)]
        database = Database(self.database_url)
        async with database.transaction() as session:
            for start in range(0, count, 5000):
                await session.execute(insert(Customer), [_customer(b) for b in buyers[start : start + 5000]])
        await database.close()
        self.written += 1
        file = self.folder / f"tokens-{self.written}"
        file.write_text("".join(f"{self.keys.token(buyer, lifetime=7200)}\n" for buyer in buyers))
        return file

    def processes(self, *prefixes: str) -> list[str]:
        return [process.name for process in self.topology.processes if process.name.startswith(prefixes)]


@asynccontextmanager
async def launch(
    folder: Path, *, sales_apis: int = 2, start: Sequence[str] = ("sales.api",)
) -> AsyncIterator[Launch]:
    """The processes whose names begin with one of ``start`` run; PostgreSQL commits durably."""
    secrets = open_secrets(folder)
    with Backends(folder, secrets) as backends, published_keys(folder) as (keys, jwks_url):
        servers = await backends.prepare()
        url = servers.owners["sales"]
        await migrate(url, MIGRATIONS)
        told = {"JWKS_URL": jwks_url, "LOG_LEVEL": "WARNING"}
        settings = {"sales": told, "gateway": {**told, "LIMIT_FACTOR": "0"}}
        topology = describe(servers, secrets, Shape(apis={"sales": sales_apis}, settings=settings))
        ids = await _open_plan(url)
        world = Launch(folder, backends.postgres, url, keys, topology, *ids)
        chosen = [process for process in topology.processes if process.name.startswith(tuple(start))]
        programs = [Program(p.name, p.argv, folder / f"{p.name}.log", p.env, p.ready) for p in chosen]
        async with Supervisor(programs):
            yield world


def _offering(position: int) -> Offering:
    return Offering(
        id=uuid7(),
        position=position,
        model="m",
        trim="t",
        colours=[COLOUR],
        price=10**9,
        prepayment=10**8,
        capacity=PLENTY,
    )


def _quotas(dealership_id: UUID) -> list[Quota]:
    keys = {"class": "ordinary", "dealership": str(dealership_id), "colour": COLOUR}
    return [Quota(level=level, key=key, position=0, capacity=PLENTY) for level, key in keys.items()]


async def _open_plan(url: str) -> tuple[UUID, UUID, UUID, UUID]:
    database, now = Database(url), datetime.now(UTC)
    offering, divided = _offering(0), _offering(1)
    plan = Plan(
        id=uuid7(),
        circular="bench",
        title="bench",
        kind="immediate",
        method="first_come",
        stage="published",
        opens_at=now,
        closes_at=now + timedelta(days=1),
        pay_within=timedelta(days=1),
        minimum_age=18,
        created_by=uuid4(),
        version=1,
        offerings=[offering, divided],
    )
    async with database.transaction() as session:
        await dealerships.register(session, [DEALERSHIP])
        dealership_id = (await session.scalars(select(Dealership.id))).one()
        divided.quotas = _quotas(dealership_id)
        session.add(plan)
        ids = plan.id, offering.id, dealership_id, divided.id
    await database.close()
    return ids


def _customer(customer_id: UUID) -> dict[str, object]:
    return {
        "id": customer_id,
        "national_code_index": customer_id.hex,
        "birth_date": date(1990, 1, 1),
        "province": Province.TEHRAN.value,
        "mobile_verified": True,
        "version": 1,
    }


@contextmanager
def published_keys(folder: Path) -> Iterator[tuple[TestKeys, str]]:
    """A key pair and the address of its JWKS document."""
    keys = TestKeys()
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(keys.private_key.public_key()))
    (folder / "published").mkdir(parents=True)
    (folder / "published" / "jwks.json").write_text(json.dumps({"keys": [public | {"kid": keys.key_id}]}))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder / "published")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield keys, f"http://127.0.0.1:{server.server_port}/jwks.json"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class' name
        return
