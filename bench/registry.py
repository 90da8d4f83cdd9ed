"""Identity's processes before a database of its own, and people who can log in."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from pyreqwest.client import Client

from bench.filling import filling
from chassis.clock import system_clock
from chassis.database import migrate
from chassis.http import new_client
from chassis.service import Service
from identity.app import MIGRATIONS
from identity.client import Place
from identity.context import Context
from identity.customers import service as customers
from identity.customers.domain import Profile
from identity.devices import service as devices
from identity.testing import PASSWORD, form
from nobat.backends import Backends
from nobat.parts import PARTS
from nobat.secret_store import Secrets, open_secrets
from nobat.supervisor import Program, Supervisor
from nobat.topology import Servers, Shape, Topology, describe

KNOWN = 400
LAX = {
    "ADDRESS_ATTEMPTS": "100000000",
    "ADDRESS_CODES": "100000000",
    "SMS_PER_HOUR": "100000000",
    "SMS_PER_DAY": "100000000",
    "LOG_LEVEL": "WARNING",
}
_addresses = count(1)

FILL = """
INSERT INTO customers (id, version, national_code_index, mobile_index, mobile_verified_at, roles,
                       registered_at, {columns})
SELECT gen_random_uuid(), 1, encode(sha256(n::text::bytea), 'hex'), encode(sha256((-n)::text::bytea), 'hex'),
       now(), '{{}}', now(), {columns}
FROM generate_series($1::bigint, $2::bigint) AS n, (SELECT {columns} FROM customers LIMIT 1) AS sealed
"""
FILL_CREDENTIALS = """
INSERT INTO credentials (customer_id, password_hash, changed_at)
SELECT id, (SELECT password_hash FROM credentials LIMIT 1), now() FROM customers
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Member:
    """Somebody with an account; ``login`` is the body that lets them in."""

    form: dict[str, Any]
    login: dict[str, Any]


@dataclass
class Registry:
    """``members`` have a remembered device, so that a password is enough."""

    folder: Path
    secrets: Secrets
    servers: Servers
    checkpoint: Callable[[], object]
    members: Sequence[Member] = ()
    filled: int = 0
    topology: Topology = field(init=False)

    @property
    def database_url(self) -> str:
        return self.servers.owners["identity"]

    @asynccontextmanager
    async def running(
        self, *, apis: int = 1, workers: int = 0, **settings: str
    ) -> AsyncIterator[list["Desk"]]:
        """A desk for each process of the API."""
        shape = Shape(
            apis={"identity": apis},
            workers={"identity": workers},
            settings={"identity": {**LAX, **{name.upper(): value for name, value in settings.items()}}},
        )
        self.topology = describe(self.servers, self.secrets, shape)
        chosen = [process for process in self.topology.processes if process.name.startswith("identity.")]
        programs = [Program(p.name, p.argv, self.folder / f"{p.name}.log", p.env, p.ready) for p in chosen]
        async with Supervisor(programs) as supervisor, new_client(timeout=60) as client:
            apis_only = [process for process in chosen if ".api." in process.name]
            yield [Desk(client, process.url, supervisor.pid(process.name)) for process in apis_only]

    async def enrol(self, number: int = KNOWN) -> None:
        """Makes the members, with a password hash as strong as the product's."""
        async with self.service().opened() as service:
            context = next(part for part in service.provides if isinstance(part, Context))
            password_hash = await context.hashing.hash(PASSWORD)
            self.members = [await _member(service, context, password_hash) for _ in range(number)]

    def service(self) -> Service:
        """Identity in this process, with the settings of the others."""
        env = describe(self.servers, self.secrets).find("identity.api.1").env
        return PARTS["identity"].build(PARTS["identity"].settings_of(env))

    async def fill(self, customers_in_all: int) -> None:
        """Adds strangers until there are so many customers."""
        columns = ", ".join(Profile.model_fields)
        missing = self.filled + 1, customers_in_all - len(self.members)
        async with filling(self.database_url, "customers", "credentials") as filler:
            await filler.run(FILL.format(columns=columns), *missing)
            await filler.run(FILL_CREDENTIALS)
        self.checkpoint()
        self.filled = missing[1]


@dataclass(frozen=True)
class Desk:
    """One process, asked directly; every request comes from an address of its own unless told otherwise."""

    client: Client
    url: str
    pid: int

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        n = next(_addresses)
        address = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
        request = self.client.post(f"{self.url}/api/v1{path}").header("X-Client-Address", address)
        response = await request.body_json(body).build().send()
        return response.status, await response.json()

    async def log_in(self, member: Member) -> tuple[int, dict[str, Any]]:
        return await self.post("/sessions", member.login)

    async def is_alive(self) -> bool:
        return bool((await self.client.get(f"{self.url}/livez").build().send()).status == 200)


async def _member(service: Service, context: Context, password_hash: str) -> Member:
    typed = form()
    profile = Profile.model_validate({name: value for name, value in typed.items() if name != "password"})
    async with service.database.transaction() as session:
        customer_id = await customers.create(session, context, profile, password_hash)
        assert customer_id is not None
        token = await devices.remember(
            session, context.vault, customer_id, Place("10.0.0.1", "bench"), system_clock()
        )
    login = {
        "national_code": typed["national_code"],
        "password": PASSWORD,
        "device_token": token.text(context.vault),
    }
    return Member(typed, login)


@asynccontextmanager
async def registry(folder: Path) -> AsyncIterator[Registry]:
    """PostgreSQL runs and commits durably; there are ``KNOWN`` members."""
    secrets = open_secrets(folder)
    with Backends(folder, secrets) as backends:
        servers = await backends.prepare()
        await migrate(servers.owners["identity"], MIGRATIONS)
        world = Registry(folder, secrets, servers, partial(backends.postgres.sql, "CHECKPOINT"))
        await world.enrol()
        yield world


async def timed(work: Awaitable[Any]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


async def repeat(until: float, work: Callable[[], Awaitable[Any]]) -> int:
    """Does the work again and again until that moment of ``time.monotonic``; counts."""
    times = 0
    while time.monotonic() < until:
        await work()
        times += 1
    return times


async def in_parallel(number: int, seconds: float, work: Callable[[], Awaitable[Any]]) -> int:
    until = time.monotonic() + seconds
    return sum(await asyncio.gather(*(repeat(until, work) for _ in range(number))))


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
