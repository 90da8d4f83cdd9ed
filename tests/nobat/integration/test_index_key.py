"""The key of the blind index changes while people log in, register and are followed by sales."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner, Result

from chassis.blind_index import BlindIndex
from chassis.database import Database
from chassis.jobs import Job, run_jobs
from chassis.json import loads
from chassis.keys import holders
from chassis.keys.files import KeyFile
from chassis.service import Service, create_api
from chassis.testing.eventually import eventually
from events.event import Event
from events.identity import NATIONAL_CODE, CustomerRegistered, CustomerReindexed
from identity.context import Context
from identity.customers import service as accounts
from identity.customers.domain import Profile
from identity.customers.tables import Customer
from identity.testing import PASSWORD, Api, Json, Phones, form, log_in, registered
from nobat.backends import DATABASES
from nobat.keys import app
from nobat.parts import PARTS
from nobat.secret_store import KEYRINGS, Secrets, open_secrets
from sales.customers.consumers import note_registered, note_reindexed
from sales.customers.tables import Customer as Buyer
from sales.eligibility.moving import move_facts

PEOPLE = 120
TELLERS = 3
HEARD: dict[str, tuple[type[Event], Callable[..., Awaitable[None]]]] = {
    CustomerRegistered.name: (CustomerRegistered, note_registered),
    CustomerReindexed.name: (CustomerReindexed, note_reindexed),
}


@pytest.fixture
async def home(
    make_migrated: Callable[[str, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    keepers = ("identity", "payment", "sales")
    urls = {name: make_migrated(f"index_{name}", PARTS[name].migrations) for name in keepers}
    (tmp_path / DATABASES).write_text(json.dumps(urls))
    monkeypatch.setenv("NOBAT_HOME", str(tmp_path))
    for name in KEYRINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(holders, "FRESH_SECONDS", 0.05)
    return tmp_path


@pytest.fixture
def secrets(home: Path) -> Secrets:
    return open_secrets(home)


@asynccontextmanager
async def process(home: Path, secrets: Secrets, name: str) -> AsyncIterator[Service]:
    """A service as one process has it, with its keys watched."""
    told = {
        "DATABASE_URL": json.loads((home / DATABASES).read_text())[name],
        "AMQP_URL": "",
        "JWKS_URL": "http://127.0.0.1:1/",
        "DATA_KEYS": secrets[f"{name.upper()}_DATA_KEYS"],
        "EVENT_KEYS": secrets["EVENT_KEYS"],
        "INDEX_KEY": secrets["INDEX_KEY"],
        "CODE_KEY": secrets["IDENTITY_CODE_KEY"],
        "HASH_MEMORY_KIB": "1024",
        "ADDRESS_ATTEMPTS": "100000",
    }
    async with PARTS[name].build(PARTS[name].settings_of(told)).opened() as service:
        yield service


@pytest.fixture
async def identity(home: Path, secrets: Secrets) -> AsyncIterator[Service]:
    async with process(home, secrets, "identity") as service:
        yield service


@pytest.fixture
async def sales(home: Path, secrets: Secrets) -> AsyncIterator[Service]:
    async with process(home, secrets, "sales") as service:
        yield service


@pytest.fixture
async def api(identity: Service) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_api(identity), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
        yield Api(client)


def context_of(service: Service) -> Context:
    return next(part for part in service.provides if isinstance(part, Context))


def profile_of(typed: Json) -> Profile:
    return Profile.model_validate({name: value for name, value in typed.items() if name != "password"})


async def with_accounts(service: Service, forms: list[Json]) -> list[Json]:
    context = context_of(service)
    password_hash = await context.hashing.hash(PASSWORD)
    async with service.database.transaction() as session:
        for typed in forms:
            await accounts.create(session, context, profile_of(typed), password_hash)
    return forms


async def nobat_keys(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, arguments)


@asynccontextmanager
async def until_left(*works: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Each of ``works`` goes on by itself until the block is left, or fails the test."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as going_on:
        for work in works:
            going_on.create_task(work(stop))
        yield
        stop.set()


async def carry(identity: Database, sales: Database) -> None:
    """Brings what identity said of its customers to sales."""
    waiting = text("DELETE FROM outbox WHERE routing_key = ANY(:names) RETURNING id, routing_key, message")
    async with identity.transaction() as session:
        said = sorted((await session.execute(waiting, {"names": list(HEARD)})).all())
    async with sales.transaction() as session:
        for _, name, message in said:
            event, handler = HEARD[name]
            await handler(session, event.model_validate(loads(message)["payload"]))


async def generations(database: Database, table: type[Customer] | type[Buyer]) -> set[int]:
    async with database.transaction() as session:
        return set(await session.scalars(select(table.index_generation)))


async def test_the_index_key_changes_and_nobody_notices(
    home: Path, secrets: Secrets, identity: Service, sales: Service, api: Api
) -> None:
    people = await with_accounts(identity, [form() for _ in range(PEOPLE)])
    phones, served = Phones(identity.database, secrets["EVENT_KEYS"]), list[str]()
    (reindexing,) = (job for job in identity.jobs if job.name == "identity.reindexing")

    async def serve(stop: asyncio.Event) -> None:
        teller = api.elsewhere()
        while not stop.is_set():
            login = await log_in(teller, people[len(served) % PEOPLE])
            assert login.is_success, login.text
            newcomer = await registered(teller, phones)
            served.append(newcomer.form["national_code"])

    async def relay(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await carry(identity.database, sales.database)
            await asyncio.sleep(0.05)

    async def reindex(stop: asyncio.Event) -> None:
        await run_jobs(identity.database, [Job(reindexing.name, 0.05, reindexing.run)], stop)

    async with process(home, secrets, "identity"), until_left(*[serve] * TELLERS, relay, reindex):
        rotated = await nobat_keys("rotate", "index")
        assert rotated.exit_code == 0, rotated
        await eventually(
            lambda: nobat_keys("retire", "index", "--settle", "0.2"),
            lambda result: result.exit_code == 0,
            within=60,
        )
        await eventually(lambda: asyncio.sleep(0, len(served)), lambda count: count > TELLERS, within=60)

    index = BlindIndex.parse(secrets["INDEX_KEY"])
    assert index.names == ["k2"]
    await carry(identity.database, sales.database)
    assert await generations(identity.database, Customer) == {2}
    assert await generations(sales.database, Buyer) == {2}
    async with sales.database.transaction() as session:
        known = set(await session.scalars(select(Buyer.national_code_index)))
    everybody = [*(typed["national_code"] for typed in people), *served]
    assert known == {index.of(national_code, NATIONAL_CODE) for national_code in everybody}


async def test_nobody_gets_two_accounts_while_processes_index_with_different_keys(
    home: Path, secrets: Secrets, identity: Service
) -> None:
    file = KeyFile(Path(secrets["INDEX_KEY"].removeprefix("file:")))
    first = file.read()
    file.write({"k2": b"2" * 32, **first})
    async with process(home, secrets, "identity") as ahead:
        file.write({**first, "k2": b"2" * 32})
        async with process(home, secrets, "identity") as behind:
            typed = profile_of(form())

            async def create(service: Service) -> object:
                async with service.database.transaction() as session:
                    return await accounts.create(session, context_of(service), typed, "hash")

            made = await asyncio.gather(create(ahead), create(behind), create(ahead), create(behind))

    assert len([account for account in made if account is not None]) == 1


async def test_sales_hears_of_a_new_index_before_an_old_fact(sales: Service) -> None:
    """The event that made the customer known, with the old index, comes again after the new index."""
    known = CustomerRegistered.model_validate(
        {
            "version": 1,
            "customer_id": "00000000-0000-0000-0000-000000000001",
            "national_code_index": "old",
            "birth_date": "1990-05-12",
            "gender": "female",
            "province": "تهران",
            "mobile_verified": True,
            "contact": "",
        }
    )
    anew = CustomerReindexed(
        version=1,
        customer_id=known.customer_id,
        national_code_index="new",
        index_generation=2,
        former_indexes=["old"],
    )
    async with sales.database.transaction() as session:
        await note_registered(session, known)
        await note_reindexed(session, anew)
        await note_registered(session, known)
        assert (await session.get_one(Buyer, known.customer_id)).national_code_index == "new"


async def test_what_a_list_said_follows_the_index(sales: Service) -> None:
    """Of two lists the one that was brought in again under the new key counts."""
    rows = [("old", "licence", "old"), ("old", "plate", "old"), ("new", "plate", "new")]
    say = text(
        "INSERT INTO facts (subject, name, item, value, source, imported_at, import_id)"
        " VALUES (:subject, :name, '', jsonb_build_object('from', CAST(:said AS text)), 'a list', now(),"
        " gen_random_uuid())"
    )
    async with sales.database.transaction() as session:
        await session.execute(say, [dict(zip(("subject", "name", "said"), row, strict=True)) for row in rows])
        await move_facts(session, ["old"], "new", 2)
        kept = await session.execute(text("SELECT subject, name, value ->> 'from' FROM facts ORDER BY name"))
        assert [tuple(one) for one in kept] == [("new", "licence", "old"), ("new", "plate", "new")]
