"""A whole system's personal data: of no use to who steals the databases, and moved to new keys unnoticed."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chassis.keys.files import KeyFile
from chassis.testing.eventually import eventually
from events.identity import NATIONAL_CODE
from nobat.backends import DATABASES
from nobat.servers.postgres import Postgres
from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Visitor

pytestmark = pytest.mark.timeout(900)

NAMES = {"first_name": "شهرناز", "last_name": "رازدار", "father_name": "پوشیده", "occupation": "رازنگهدار"}
CONTACT = {"email": "sealed-and-safe@example.com"}


@pytest.fixture(scope="module")
def home(system: System) -> Path:
    assert system.home is not None
    return system.home


@pytest.fixture(scope="module")
async def visitor(system: System) -> AsyncIterator[Visitor]:
    """Somebody with a rare name, an account and something half done."""
    async with (
        httpx.AsyncClient(base_url=system.base_url, timeout=30, trust_env=False) as api,
        httpx.AsyncClient(base_url=system.simulators_url, timeout=30, trust_env=False) as simulators,
    ):
        visitor = Visitor(api, simulators, Person.random())
        await visitor.join(**NAMES, **CONTACT)
        await visitor.register(**NAMES, **CONTACT)
        yield visitor


@pytest.fixture(scope="module")
def dump(postgres: Postgres, home: Path, visitor: Visitor) -> str:
    """``pg_dump`` of every database there is, as text, in small letters."""
    urls = json.loads((home / DATABASES).read_text())
    assert {"identity", "sales", "payment", "notify", "broker"} == urls.keys()
    dumps = [
        subprocess.run(
            [str(postgres.bin("pg_dump")), url.replace("postgresql+asyncpg", "postgresql")],
            capture_output=True,
            check=True,
        ).stdout.decode()
        for url in urls.values()
    ]
    assert all("PostgreSQL database dump complete" in text for text in dumps)
    return "".join(dumps).lower()


def spellings(secret: str) -> list[str]:
    """The ways in which a text may stand in a dump: plain, as JSON escapes it, as bytes in hex."""
    raw = secret.encode()
    return [secret, json.dumps(secret)[1:-1], raw.hex(), base64.b64encode(raw).decode().rstrip("=")[:-1]]


def test_a_dump_shows_no_national_code_mobile_name_or_sheba(dump: str, visitor: Visitor) -> None:
    person = visitor.person
    numbers = [person.national_code, person.mobile, person.iban, person.postal_code, person.password]
    written_otherwise = [person.mobile[1:], person.iban[2:]]
    for secret in map(str, (*numbers, *written_otherwise, *NAMES.values(), *CONTACT.values())):
        found = [form for form in spellings(secret) if form.lower() in dump]
        assert found == [], secret
    assert visitor.refresh_token
    assert visitor.refresh_token.lower() not in dump


def digests(value: str) -> list[bytes]:
    """What somebody without a key can make of a guess."""
    messages = [value.encode(), f"{NATIONAL_CODE}\0{value}".encode(), f"{NATIONAL_CODE}{value}".encode()]
    keys = [b"", bytes(32), b"nobat", b"national_code", value.encode()]
    plain = [hashlib.new(name, message).digest() for name in HASHES for message in messages]
    keyed = [hmac.digest(key, message, name) for name in HASHES for message in messages for key in keys]
    return plain + keyed


HASHES = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")


def test_a_dump_without_a_key_does_not_confirm_a_guessed_national_code(dump: str, visitor: Visitor) -> None:
    for digest in digests(str(visitor.person.national_code)):
        assert digest.hex() not in dump
        assert base64.b64encode(digest).decode().rstrip("=").lower() not in dump


def test_the_keys_are_not_in_the_databases(dump: str, home: Path) -> None:
    kept = (home / "secrets.env").read_text().splitlines()
    secrets = [line.partition("=")[2].rpartition(":")[2] for line in kept]
    files = [key for file in (home / "keys").iterdir() for key in KeyFile(file).read().values()]
    for key in [*files, *(base64.b64decode(key) for key in secrets if key.endswith("="))]:
        assert key.hex() not in dump
        assert base64.b64encode(key).decode().lower() not in dump


async def nobat_keys(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NOBAT_HOME": str(home)}
    argv = [sys.executable, "-m", "nobat", "keys", *arguments]
    return await asyncio.to_thread(
        subprocess.run, argv, env=environment, capture_output=True, text=True, check=False
    )


async def use(visitor: Visitor, stop: asyncio.Event) -> int:
    """Looks at the account and logs in until told to stop; answers with how often."""
    times = 0
    while not stop.is_set():
        assert (await visitor.get("/me"))["first_name"] == NAMES["first_name"]
        await visitor.log_in()
        times += 1
    return times


@pytest.mark.chaos
async def test_personal_data_move_to_new_keys_while_the_system_is_used(home: Path, visitor: Visitor) -> None:
    stop = asyncio.Event()
    using = asyncio.create_task(use(visitor, stop))
    rings = ("identity-data", "notify-data")

    rotated = await nobat_keys(home, "rotate", *rings)
    assert rotated.returncode == 0, rotated.stderr
    retired = await eventually(
        lambda: nobat_keys(home, "retire", *rings, "--settle", "1"),
        lambda result: result.returncode == 0,
        within=60,
        every=1,
    )

    assert "identity-data: k1 given up" in retired.stdout
    held = {file.name: list(KeyFile(file).read()) for file in (home / "keys").iterdir()}
    assert held.pop("IDENTITY_DATA_KEYS") == held.pop("NOTIFY_DATA_KEYS") == ["k2"]
    assert all(names == ["k1"] for names in held.values())
    stop.set()
    assert await using > 0
    status = await nobat_keys(home, "status", *rings)
    assert "values under k2" in status.stdout
    assert "under k1" not in status.stdout
