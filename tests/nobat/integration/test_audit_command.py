"""``nobat audit verify`` names who was touched; ``nobat staff`` makes the first two admins."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from chassis import audit
from chassis.audit.linking import linking
from chassis.clock import system_clock
from chassis.crypto import new_key
from chassis.database import Database
from identity.staff.seed import appoint_staff
from iran import samples
from nobat.cli import app
from nobat.first_admin import Office
from nobat.home import find_home
from nobat.keyrings import KeyPlaces
from nobat.parts import PARTS

SERVICES = ("identity", "sales")
KEYS = ("IDENTITY_DATA_KEYS", "EVENT_KEYS", "INDEX_KEY", "IDENTITY_CODE_KEY")
FIRST = ["--national-code", str(samples.national_code(77)), "--mobile", str(samples.mobile(77))]
NAMES = ["--first-name", "آرش", "--last-name", "پیروز"]


@pytest.fixture
def urls(
    make_migrated: Callable[[str, Path], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, str]:
    """Two services' databases that are new, named to the command by its environment."""
    made = {service: make_migrated(f"cli_{service}", PARTS[service].migrations) for service in SERVICES}
    monkeypatch.setenv("NOBAT_HOME", str(tmp_path))
    for service, url in made.items():
        monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", url)
    for name in KEYS:
        monkeypatch.setenv(name, f"k1:{new_key()}" if name.endswith("KEYS") else new_key())
    return made


def in_database(url: str, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
    async def run() -> Any:
        database = Database(url, pool_size=1)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def write(url: str, count: int) -> list[str]:
    """Entries in the chain; their ids in its order."""

    async def work(database: Database) -> list[str]:
        async with database.transaction() as session:
            entries = [audit.Entry(action="thing.viewed") for _ in range(count)]
            await audit.record(session, *entries, at=system_clock())
        await linking(database, "probe").run()
        async with database.transaction() as session:
            found = await session.scalars(text("SELECT entry_id FROM audit_links ORDER BY sequence"))
            return [str(entry_id) for entry_id in found]

    found: list[str] = in_database(url, work)
    return found


def tamper(url: str, statement: str) -> None:
    async def work(database: Database) -> None:
        async with database.transaction() as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            await session.execute(text(statement))

    in_database(url, work)


def nobat(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def verify(*arguments: str) -> Result:
    services = [part for service in SERVICES for part in ("--service", service)]
    return nobat("audit", "verify", *services, *arguments)


def test_a_trail_in_order_ends_with_0_and_prints_its_head(urls: dict[str, str]) -> None:
    write(urls["identity"], 3)
    found = verify()
    assert found.exit_code == 0, found.output
    assert re.search(r"^identity: in order; head 3:[0-9a-f]{64}$", found.output, re.MULTILINE)
    assert f"sales: in order; head 0:{'0' * 64}" in found.output


def test_the_first_altered_row_is_named_and_the_end_is_1(urls: dict[str, str]) -> None:
    write(urls["identity"], 2)
    ids = write(urls["sales"], 3)
    tamper(urls["sales"], f"UPDATE audit_entries SET action = 'x' WHERE id IN ('{ids[1]}', '{ids[2]}')")  # noqa: S608 - own ids
    found = verify()
    assert found.exit_code == 1
    assert "identity: in order" in found.output
    assert f"sales: link 2, entry {ids[1]}:" in found.output


def test_a_head_that_was_seen_betrays_a_cut_tail(urls: dict[str, str]) -> None:
    ids = write(urls["identity"], 3)
    [head] = re.findall(r"^identity: .*head (.*)$", verify().output, re.MULTILINE)
    tamper(urls["identity"], "DELETE FROM audit_links WHERE sequence = 3")
    tamper(urls["identity"], f"DELETE FROM audit_entries WHERE id = '{ids[2]}'")  # noqa: S608 - own ids
    assert verify().exit_code == 0
    found = verify("--head", f"identity={head}")
    assert found.exit_code == 1
    assert "identity: link 3, entry -: it has been removed" in found.output


@pytest.mark.parametrize("head", ["identity", "identity=x:00", "identity=1:zz", "mars=1:00"])
def test_a_head_that_is_none_is_refused(urls: dict[str, str], head: str) -> None:
    assert verify("--head", head).exit_code != 0


def test_the_first_admin_is_invited_and_further_ones_by_that_admin(urls: dict[str, str]) -> None:
    invited = nobat("staff", "invite", *FIRST, *NAMES)
    assert invited.exit_code == 0, invited.output
    assert samples.mobile(77) not in invited.output

    async def accepted(database: Database) -> None:
        async with database.transaction() as session:
            waiting = await session.scalar(text("SELECT count(*) FROM outbox WHERE routing_key ~ 'invited'"))
            roles = await session.scalar(text("SELECT roles FROM staff_invitations"))
        assert (waiting, roles) == (1, ["admin"])

    in_database(urls["identity"], accepted)
    assert nobat("staff", "list").output == ""
    assert nobat("audit", "verify", "--service", "identity").exit_code == 0


def appoint_admin(number: int) -> None:
    async def appoint() -> None:
        async with Office(KeyPlaces(find_home()))._identity.opened() as identity:
            await appoint_staff(
                identity,
                national_code=samples.national_code(number),
                mobile=samples.mobile(number),
                password="پنجره‌ی باز رو به دریا",
                first_name="آرش",
                last_name="پیروز",
                roles=["admin"],
            )

    asyncio.run(appoint())


def test_an_admin_who_is_alone_gets_a_second_one_by_the_command(urls: dict[str, str]) -> None:
    """Making an admin through the API takes two of them."""
    appoint_admin(78)
    invited = nobat("staff", "invite", *FIRST, *NAMES)
    assert invited.exit_code == 0, invited.output


def test_where_there_are_two_admins_the_command_invites_nobody(urls: dict[str, str]) -> None:
    appoint_admin(78)
    appoint_admin(79)
    refused = nobat("staff", "invite", *FIRST, *NAMES)
    assert refused.exit_code != 0
    assert "there are two admins already" in str(refused.exception)
    listed = nobat("staff", "list").output
    assert listed.count("  admin  -") == 2
    assert "آرش" not in listed


def test_a_person_who_cannot_be_is_not_invited(urls: dict[str, str]) -> None:
    refused = nobat("staff", "invite", "--national-code", "1234567890", "--mobile", "0912", *NAMES)
    assert str(refused.exception) == "not right: national code, mobile"
