"""Messages to many: how fast one worker sends them, and what a code waits for meanwhile.

The worker is a process of its own, the provider another one that takes its time for every answer. A code goes
the whole way: from the outbox through the broker, the inbox and the sender's queue to the provider.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psutil
from pyreqwest.client import Client
from sqlalchemy import text
from uuid_utils.compat import uuid7

from bench.filling import filling
from bench.registry import percentile
from bench.report import Measurement
from chassis.clock import system_clock
from chassis.crypto import Keyring
from chassis.database import Database, migrate
from chassis.http import new_client
from chassis.json import dumps
from chassis.messaging import outbox
from chassis.testing.eventually import eventually
from events.identity import CodeIssued
from iran import samples
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from nobat.servers.ports import LOOPBACK, free_port
from nobat.supervisor import Program, Supervisor
from nobat.topology import Shape, describe
from notify.app import MIGRATIONS
from notify.messages import service as messages
from notify.messages.service import Draft
from notify.messages.tables import RECIPIENT, SEALED_PARAMS
from notify.runs.domain import RunKind, RunState
from notify.runs.tables import SALT, MessageRun
from notify.templates import service as templates

RECIPIENTS = 100_000
CHUNK = 1_000
ANSWERS_AFTER = 0.05
"""Seconds that the provider takes."""
CODES_PER_SECOND = 20
WARM = 2_000
WORKER = "notify.worker.1"


@dataclass
class Exchange:
    """A database of notify, the keys it is sealed with, and the provider."""

    owner: str
    database: Database
    data: Keyring
    events: Keyring
    client: Client
    provider: str

    async def fill(self, count: int) -> MessageRun:
        """A run that goes on as soon as a worker looks, at any hour."""
        async with self.database.transaction() as session:
            template = await templates.active(session, "notice")
            run = _run(self.data.seal(b"salt", SALT), template.version)
            session.add(run)
            await session.execute(
                text("UPDATE message_run_rules SET quiet_from = '00:00', quiet_until = '00:00'")
            )
        async with filling(self.owner, "messages"):
            for start in range(0, count, CHUNK):
                drafts = [self._draft(number) for number in range(start, start + CHUNK)]
                async with self.database.transaction() as session:
                    await messages.hold(session, run.id, template, drafts, system_clock())
        return run

    def _draft(self, number: int) -> Draft:
        words = {"first_name": "محمدحسین", "number": f"1405{number:08}"}
        return Draft(
            template="",
            source_id=uuid4(),
            expires_at=system_clock() + timedelta(days=1),
            recipient=self.data.seal(samples.mobile(number).encode(), RECIPIENT),
            sealed_params=self.data.seal(dumps(words), SEALED_PARAMS),
        )

    async def texts(self) -> int:
        """How many the provider has taken."""
        return int(await (await self.client.get(f"{self.provider}/count").build().send()).json())

    async def ask_codes(self, seconds: int) -> list[float]:
        """Milliseconds from a code's request to its arrival at the provider, of each."""
        asked: dict[str, float] = {}
        for _ in range(seconds * CODES_PER_SECOND):
            code = secrets.token_hex(4)
            await asyncio.gather(self._ask_code(code, asked), asyncio.sleep(1 / CODES_PER_SECOND))
        came = await eventually(self._codes, lambda found: found.keys() >= asked.keys(), within=60)
        return [1000 * (came[code] - at) for code, at in asked.items()]

    async def _ask_code(self, code: str, asked: dict[str, float]) -> None:
        delivery = {"mobile": samples.mobile(len(asked)), "code": code}
        issued = CodeIssued(
            version=1,
            challenge_id=uuid7(),
            purpose="login",
            expires_at=system_clock() + timedelta(minutes=2),
            delivery=self.events.seal_object(delivery, f"{CodeIssued.name}.delivery"),
        )
        asked[code] = time.time()
        async with self.database.transaction() as session:
            await outbox.record(session, issued)

    async def _codes(self) -> dict[str, float]:
        found: dict[str, float] = await (
            await self.client.get(f"{self.provider}/codes").build().send()
        ).json()
        return found


async def measure(folder: Path, seconds: int, rows: int) -> list[Measurement]:
    recipients = max(min(rows, RECIPIENTS), 2 * WARM) // CHUNK * CHUNK
    async with _exchange(folder) as (exchange, programs):
        async with Supervisor(programs):
            alone = await exchange.ask_codes(seconds)
        await exchange.fill(recipients)
        async with Supervisor(programs) as supervisor:
            await eventually(exchange.texts, lambda taken: taken >= WARM, within=120)
            worker = psutil.Process(supervisor.pid(WORKER))
            (rate, cost), during = await asyncio.gather(
                _rate(exchange, worker, seconds), exchange.ask_codes(seconds)
            )
            left = recipients - await exchange.texts()
    assert left > 0, "the run was over before the measurement was"
    detail = f"a run of {recipients:,}, the provider answers after {ANSWERS_AFTER * 1000:.0f} ms;"
    detail += f" {cost:.2f} ms of the worker's CPU for each"
    return [
        Measurement("messages in bulk that one worker sends", rate, "/s", 500, detail=detail),
        _codes_took("p99 from a code requested to handed to the provider, during the run", during, 1000),
        _codes_took("the same without a run", alone, None),
    ]


def _codes_took(what: str, took: list[float], target: float | None) -> Measurement:
    detail = f"{len(took)} codes, {CODES_PER_SECOND}/s, median {percentile(took, 0.5):.0f} ms"
    return Measurement(what, percentile(took, 0.99), "ms", target, at_most=True, detail=detail)


async def _rate(exchange: Exchange, worker: psutil.Process, seconds: int) -> tuple[float, float]:
    """Messages a second, and the milliseconds that the worker computes for each."""
    before, spent, started = await exchange.texts(), sum(worker.cpu_times()[:2]), time.monotonic()
    await asyncio.sleep(seconds)
    sent, passed = await exchange.texts() - before, time.monotonic() - started
    return sent / passed, 1000 * (sum(worker.cpu_times()[:2]) - spent) / max(sent, 1)


def _run(salt: bytes, version: int) -> MessageRun:
    return MessageRun(
        id=uuid7(),
        kind=RunKind.FILE,
        title="bench",
        state=RunState.RUNNING,
        listed=True,
        template="notice",
        template_version=version,
        salt=salt,
        pages=0,
        created_by=uuid7(),
        created_at=system_clock(),
    )


@asynccontextmanager
async def _exchange(folder: Path) -> AsyncIterator[tuple[Exchange, list[Program]]]:
    kept = open_secrets(folder)
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    with Backends(folder, kept) as backends:
        servers = await backends.prepare()
        await migrate(servers.owners["notify"], MIGRATIONS)
        shape = Shape(
            apis={},
            workers={"notify": 1},
            settings={"notify": {"KAVENEGAR_BASE_URL": url, "LOG_LEVEL": "WARNING"}},
        )
        worker = describe(servers, kept, shape).find(WORKER)
        log = folder / "provider.log"
        provider = (sys.executable, "-m", "bench.sms", str(port), str(ANSWERS_AFTER))
        programs = [
            Program("provider", provider, log),
            Program(worker.name, worker.argv, folder / f"{worker.name}.log", worker.env, worker.ready),
        ]
        database = Database(servers.owners["notify"])
        async with database.transaction() as session:
            await session.execute(text("DELETE FROM sms_routes WHERE provider <> 'kavenegar'"))
        async with new_client(timeout=10) as client:
            yield (
                Exchange(
                    servers.owners["notify"],
                    database,
                    Keyring.parse(worker.env["DATA_KEYS"]),
                    Keyring.parse(worker.env["EVENT_KEYS"]),
                    client,
                    url,
                ),
                programs,
            )
        await database.close()
