"""``nobat keys`` as an operator uses it, on a system that is being used."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner, Result

from chassis.crypto import key_name
from chassis.database import Database
from chassis.jobs import Job, run_jobs
from chassis.keys import holders
from chassis.keys.columns import sealed_tables
from chassis.keys.files import KeyFile
from chassis.service import Service, create_api
from chassis.testing.eventually import eventually
from identity.context import Context
from identity.customers import service as customers
from identity.customers.domain import Profile
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.schema import Base
from identity.testing import PASSWORD, Api, Json, Phones, form, log_in, registered
from nobat.backends import DATABASES
from nobat.keys import app
from nobat.parts import PARTS
from nobat.secret_store import KEYRINGS, Secrets, open_secrets

PEOPLE = 300
TELLERS = 4


@pytest.fixture
async def home(
    make_migrated: Callable[[str, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Where a system with the databases of identity and notify is."""
    urls = {name: make_migrated(f"keys_{name}", part.migrations) for name, part in PARTS.items()}
    (tmp_path / DATABASES).write_text(json.dumps(urls))
    monkeypatch.setenv("NOBAT_HOME", str(tmp_path))
    for name in KEYRINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(holders, "FRESH_SECONDS", 0.05)
    return tmp_path


def environment(home: Path, secrets: Secrets) -> dict[str, str]:
    return {
        "DATABASE_URL": json.loads((home / DATABASES).read_text())["identity"],
        "AMQP_URL": "",
        "DATA_KEYS": secrets["IDENTITY_DATA_KEYS"],
        "EVENT_KEYS": secrets["EVENT_KEYS"],
        "INDEX_KEY": secrets["INDEX_KEY"],
        "CODE_KEY": secrets["IDENTITY_CODE_KEY"],
        "HASH_MEMORY_KIB": "1024",
        "ADDRESS_ATTEMPTS": "100000",
    }


@asynccontextmanager
async def identity_process(env: dict[str, str]) -> AsyncIterator[Service]:
    """Identity as one process has it, with its keys watched."""
    async with PARTS["identity"].build(PARTS["identity"].settings_of(env)).opened() as service:
        yield service


@pytest.fixture
async def env(home: Path) -> dict[str, str]:
    return environment(home, open_secrets(home))


@pytest.fixture
async def service(env: dict[str, str]) -> AsyncIterator[Service]:
    async with identity_process(env) as service:
        yield service


@pytest.fixture
def context(service: Service) -> Context:
    return next(part for part in service.provides if isinstance(part, Context))


@pytest.fixture
async def api(service: Service) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_api(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
        yield Api(client)


@pytest.fixture
async def people(service: Service, context: Context) -> list[Json]:
    """The forms of those who have an account."""
    password_hash, forms = await context.hashing.hash(PASSWORD), [form() for _ in range(PEOPLE)]
    async with service.database.transaction() as session:
        for typed in forms:
            await customers.create(session, context, profile_of(typed), password_hash)
    return forms


def profile_of(typed: Json) -> Profile:
    return Profile.model_validate({name: value for name, value in typed.items() if name != "password"})


async def nobat_keys(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, arguments)


def file_of(home: Path, secret: str) -> dict[str, bytes]:
    return KeyFile(home / "keys" / secret).read()


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[None]:
    """The job of re-encryption at work, more often than usual."""
    stop = asyncio.Event()
    (job,) = (job for job in service.jobs if job.name == "identity.reencryption")
    working = asyncio.create_task(run_jobs(service.database, [Job(job.name, 0.05, job.run)], stop))
    yield
    stop.set()
    await working


async def key_names(database: Database) -> set[str]:
    """Of every sealed value there is."""
    found: set[str] = set()
    async with database.transaction() as session:
        for table in sealed_tables(Base.metadata):
            for row in await session.execute(select(*table.columns)):
                found |= {key_name(value) for value in row if value is not None}
    return found


async def serve(api: Api, phones: Phones, people: list[Json], stop: asyncio.Event) -> int:
    """Logs people in and registers new ones until told to stop; answers with how many it served."""
    served = 0
    while not stop.is_set():
        login = await log_in(api, people[served % len(people)])
        assert login.is_success, login.text
        person = await registered(api, phones)
        me = await api.get("/me", Authorization=person.authorization)
        assert me.json()["first_name"] == person.form["first_name"]
        served += 1
    return served


async def test_personal_data_move_to_a_new_key_while_people_log_in_and_register(
    home: Path,
    service: Service,
    context: Context,
    api: Api,
    people: list[Json],
    env: dict[str, str],
) -> None:
    phones, stop = Phones(service.database, env["EVENT_KEYS"]), asyncio.Event()
    tellers = [
        asyncio.create_task(serve(api.elsewhere(), phones, people[n::TELLERS], stop)) for n in range(TELLERS)
    ]
    async with identity_process(env), running(service):
        rotated = await nobat_keys("rotate", "identity-data")
        assert rotated.exit_code == 0, rotated
        assert list(file_of(home, "IDENTITY_DATA_KEYS")) == ["k2", "k1"]
        await eventually(
            lambda: nobat_keys("retire", "identity-data", "--settle", "0.2"),
            lambda result: result.exit_code == 0,
            within=60,
        )
        stop.set()
        assert min(await asyncio.gather(*tellers)) > 0

    assert list(file_of(home, "IDENTITY_DATA_KEYS")) == ["k2"]
    assert await key_names(service.database) == {"k2"}
    async with service.database.transaction() as session:
        found = [opened(one, context.vault) for one in await session.scalars(select(Customer))]
    assert {profile.national_code for profile in found} >= {typed["national_code"] for typed in people}


async def rewritten(database: Database) -> int:
    """How many rows have been sealed again so far."""
    async with database.transaction() as session:
        return await session.scalar(text("SELECT sum(rewritten)::int FROM reencryptions")) or 0


async def place_reached(database: Database) -> list[str] | None:
    async with database.transaction() as session:
        place: list[str] | None = await session.scalar(
            text("SELECT after FROM reencryptions WHERE table_name = 'customers'")
        )
    return place


def start_slow_worker(env: dict[str, str]) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("slow_reencryption.py")
    return subprocess.Popen([sys.executable, str(script)], env={**os.environ, **env})


@pytest.mark.chaos
async def test_a_killed_process_is_followed_by_one_that_goes_on(
    home: Path, service: Service, people: list[Json], env: dict[str, str]
) -> None:
    assert (await nobat_keys("rotate", "identity-data")).exit_code == 0
    worker = start_slow_worker(env)
    await eventually(lambda: rewritten(service.database), lambda count: count > 0)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    assert await key_names(service.database) == {"k1", "k2"}

    reached = await place_reached(service.database)
    refused = await nobat_keys("retire", "identity-data", "--settle", "0")
    assert "under k1 still" in str(refused.exception)
    assert reached is not None
    assert await place_reached(service.database) == reached

    assert await asyncio.to_thread(start_slow_worker(env).wait) == 0
    assert (await nobat_keys("retire", "identity-data", "--settle", "0")).exit_code == 0
    assert await key_names(service.database) == {"k2"}


async def test_a_process_that_does_not_follow_keeps_the_old_key_sealing(home: Path, service: Service) -> None:
    """It says that it lives and has the first key only, as one whose file is stale does."""
    async with service.database.transaction() as session:
        await session.execute(
            text("INSERT INTO key_holders VALUES (gen_random_uuid(), 'data', 'k1', now(), '{k1}', now())")
        )

    refused = await nobat_keys("rotate", "identity-data", "--patience", "0.2")

    assert "1 processes do not open with k2 yet" in str(refused.exception)
    assert list(file_of(home, "IDENTITY_DATA_KEYS")) == ["k1", "k2"]
    async with service.database.transaction() as session:
        await session.execute(text("DELETE FROM key_holders WHERE opening = '{k1}'"))
    assert (await nobat_keys("rotate", "identity-data")).exit_code == 0
    assert list(file_of(home, "IDENTITY_DATA_KEYS")) == ["k2", "k1"]
    again = await nobat_keys("rotate", "identity-data")
    assert "still being replaced" in str(again.exception)


async def test_the_key_of_events_stays_while_a_message_is_under_it(
    home: Path, service: Service, context: Context, api: Api, env: dict[str, str]
) -> None:
    (home / "brokers.json").write_text(json.dumps(dict.fromkeys(PARTS, env["DATABASE_URL"])))
    await api.post("/registrations", form())
    assert (await nobat_keys("rotate", "events")).exit_code == 0

    waiting = await nobat_keys("retire", "events")
    assert "not every process has sealed with k2 for 3600 seconds" in str(waiting.exception)
    refused = await nobat_keys("retire", "events", "--settle", "0")
    assert "1 under k1 still" in str(refused.exception)

    async with service.database.transaction() as session:
        await session.execute(text("DELETE FROM outbox"))
    assert (await nobat_keys("retire", "events", "--settle", "0")).exit_code == 0
    assert list(file_of(home, "EVENT_KEYS")) == ["k2"]


async def test_status_says_who_has_which_key(home: Path, service: Service, people: list[Json]) -> None:
    await eventually(
        lambda: nobat_keys("status", "identity-data"),
        lambda result: "1 of 1 processes seal with it" in result.output,
    )
    shown = (await nobat_keys("status")).output
    assert "identity-data: k1 seals, of k1" in shown
    assert "values under k1" in shown


async def test_a_signing_key_is_asked_to_take_its_turn(
    home: Path, service: Service, context: Context
) -> None:
    await context.signer.keys.keys()
    async with service.database.transaction() as session:
        before = set(await session.scalars(text("SELECT key_id FROM signing_keys")))

    asked = await nobat_keys("rotate-signing")

    assert asked.exit_code == 0, asked
    async with service.database.transaction() as session:
        soon = await session.scalars(
            text(
                "SELECT key_id FROM signing_keys WHERE signs_from BETWEEN now() AND now() + interval '11 min'"
            )
        )
        assert set(soon).isdisjoint(before)


async def test_a_keyring_of_the_environment_cannot_be_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENT_KEYS", "k1:AAAA")
    refused = await nobat_keys("rotate", "events")
    assert "only those in a file" in str(refused.exception)
