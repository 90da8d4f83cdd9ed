"""The audit trail on a real PostgreSQL: only added to, linked in order, and every hand in it is named."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis import audit, telemetry
from chassis.audit.linking import link, linking
from chassis.audit.verification import Finding, Verdict, verify
from chassis.clock import system_clock
from chassis.database import Database, migrate

Do = Callable[..., Awaitable[None]]
TABLES = ("audit_entries", "audit_links")


@pytest.fixture(scope="module")
async def audited(make_database, tmp_path_factory) -> AsyncIterator[Database]:
    url = make_database("audit")
    await migrate(url, tmp_path_factory.mktemp("no_versions"))
    database = Database(url, pool_size=12)
    yield database
    await database.close()


@pytest.fixture
async def trail(audited: Database) -> Database:
    """A database whose trail nobody has written to."""
    async with audited.transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text("TRUNCATE audit_entries, audit_links, audit_unlinked"))
    return audited


@pytest.fixture
def tamper(trail: Database) -> Do:
    """One statement of somebody who owns the database and has put its guards to sleep."""

    async def do(statement: str, **values: Any) -> None:
        async with trail.transaction() as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            await session.execute(text(statement), values)

    return do


async def write(trail: Database, count: int = 1, **changes: Any) -> None:
    for number in range(count):
        entry = {"actor": uuid4(), "subject": uuid4(), "details": {"number": number}, **changes}
        async with trail.transaction() as session:
            await audit.record(session, audit.Entry(action="thing.viewed", **entry), at=datetime.now(UTC))


async def linked(trail: Database, count: int) -> list[UUID]:
    """``count`` entries in the chain; their ids in its order."""
    await write(trail, count)
    await run_job(trail)
    async with trail.transaction() as session:
        return list(await session.scalars(text("SELECT entry_id FROM audit_links ORDER BY sequence")))


async def run_job(trail: Database) -> None:
    while await linking(trail, "probe").run():
        pass


async def verdict(trail: Database, later: timedelta = timedelta(0), **known: Any) -> Verdict:
    async with trail.transaction() as session:
        return await verify(session, system_clock() + later, **known)


async def finding(trail: Database, later: timedelta = timedelta(0), **known: Any) -> Finding | None:
    return (await verdict(trail, later, **known)).finding


async def test_an_entry_holds_who_did_what_to_whom_when_and_from_where(trail):
    actor, subject, at = uuid4(), uuid4(), datetime.now(UTC)
    telemetry.correlation_id.set("a-correlation")
    entry = audit.Entry(
        action="identity.customer.viewed",
        actor=actor,
        subject=subject,
        roles={"operator", "dealer"},
        client="10.0.0.1",
        details={"purpose": "complaint", "fields": ["iban"]},
    )
    async with trail.transaction() as session:
        await audit.record(session, entry, at=at)
        row = (await session.execute(text("SELECT * FROM audit_entries"))).one()
    assert row.id.version == 7
    assert (row.at, row.actor, row.subject, row.action) == (at, actor, subject, entry.action)
    assert (row.roles, row.client, row.correlation_id) == (
        ["dealer", "operator"],
        "10.0.0.1",
        "a-correlation",
    )
    assert row.details == entry.details


async def test_personal_data_in_the_details_does_not_arrive(trail):
    details = {"reason": "call 09121234567", "list": ["0499370899"], "IR820540102680020817909002": 1}
    await write(trail, details=details)
    async with trail.transaction() as session:
        kept = await session.scalar(text("SELECT details FROM audit_entries"))
    assert kept == {"reason": "call [mobile]", "list": ["[national code]"], "[sheba]": 1}


async def test_what_is_not_done_is_not_in_the_trail(trail):
    async with trail.transaction() as session:
        await audit.record(session, audit.Entry(action="thing.viewed"), at=datetime.now(UTC))
        await session.rollback()
    await run_job(trail)
    assert (await verdict(trail)).checked == 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_a_row_is_neither_changed_nor_removed(trail, table, change):
    await linked(trail, 1)
    column = "action" if table == "audit_entries" else "hash"
    with pytest.raises(DBAPIError, match="is only added to"):
        async with trail.transaction() as session:
            await session.execute(text(change.format(table, column, column)))


async def test_the_whole_chain_is_in_order(trail):
    await linked(trail, 5)
    await linked(trail, 2)
    found = await verdict(trail, timedelta(days=400))
    assert (found.checked, found.finding) == (7, None)
    async with trail.transaction() as session:
        assert found.head == await session.scalar(text("SELECT hash FROM audit_links WHERE sequence = 7"))


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor = gen_random_uuid()",
        "actor = NULL",
        "subject = gen_random_uuid()",
        "roles = '{}'",
        "roles = roles || 'admin'::text",
        "action = 'thing.deleted'",
        "client = '10.9.9.9'",
        "correlation_id = 'another'",
        "details = '{}'",
        "details = '{\"number\": 2 }'",
    ],
)
async def test_an_entry_that_was_changed_is_named(trail, tamper, change):
    await write(trail, 5, roles=["care"])
    ids = await linked(trail, 0)
    await tamper(f"UPDATE audit_entries SET {change} WHERE id = :id", id=ids[2])  # noqa: S608 - own words
    assert await finding(trail) == Finding("altered", 3, ids[2])


async def test_an_entry_with_another_id_is_named(trail, tamper):
    ids = await linked(trail, 3)
    await tamper("UPDATE audit_entries SET id = :other WHERE id = :id", other=uuid7(), id=ids[1])
    assert await finding(trail) == Finding("missing", 2, ids[1])


async def test_a_removed_entry_is_named(trail, tamper):
    ids = await linked(trail, 3)
    await tamper("DELETE FROM audit_entries WHERE id = :id", id=ids[1])
    assert await finding(trail) == Finding("missing", 2, ids[1])


async def test_a_removed_link_is_named(trail, tamper):
    await linked(trail, 3)
    await tamper("DELETE FROM audit_links WHERE sequence = 2")
    assert await finding(trail) == Finding("missing", 2, None)


async def test_an_entry_removed_with_its_link_and_the_gap_closed_is_named(trail, tamper):
    ids = await linked(trail, 4)
    await tamper("DELETE FROM audit_links WHERE sequence = 2")
    await tamper("DELETE FROM audit_entries WHERE id = :id", id=ids[1])
    await tamper("UPDATE audit_links SET sequence = sequence - 1 WHERE sequence > 2")
    assert await finding(trail) == Finding("altered", 2, ids[2])


async def test_entries_that_changed_places_are_named(trail, tamper):
    ids = await linked(trail, 4)
    for sequence, entry_id in ((2, uuid4()), (3, ids[1]), (2, ids[2])):
        statement = "UPDATE audit_links SET entry_id = :id WHERE sequence = :sequence"
        await tamper(statement, id=entry_id, sequence=sequence)
    assert await finding(trail) == Finding("altered", 2, ids[2])


@pytest.mark.parametrize("change", ["hash = sha256(hash)", "sequence = 9"])
async def test_a_changed_link_is_named(trail, tamper, change):
    await linked(trail, 3)
    await tamper(f"UPDATE audit_links SET {change} WHERE sequence = 2")  # noqa: S608 - own words
    found = await finding(trail)
    assert found is not None
    assert found.sequence == 2


async def put_in(session: AsyncSession, entry_id: UUID, at: datetime) -> None:
    await session.execute(
        text(
            "INSERT INTO audit_entries (id, at, roles, action, details)"
            " VALUES (:id, :at, '{}', 'thing.viewed', '{}')"
        ),
        {"id": entry_id, "at": at},
    )


async def test_an_entry_put_in_past_the_chain_is_named(trail):
    await linked(trail, 3)
    forged = uuid7()
    async with trail.transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await put_in(session, forged, datetime.now(UTC))
    await run_job(trail)
    assert await finding(trail) is None
    assert await finding(trail, timedelta(minutes=11)) == Finding("unlinked", None, forged)


@pytest.mark.parametrize(
    ("entry_id", "at"),
    [
        (UUID("01800000-0000-7000-8000-000000000000"), datetime(2022, 4, 6, tzinfo=UTC)),
        (uuid7(), datetime(2022, 4, 6, tzinfo=UTC)),
        (UUID("ffffffff-ffff-7fff-bfff-ffffffffffff"), datetime.now(UTC)),
    ],
)
async def test_an_entry_that_pretends_to_be_of_another_time_is_named(trail, entry_id, at):
    await linked(trail, 3)
    async with trail.transaction() as session:
        await put_in(session, entry_id, at)
    await run_job(trail)
    assert await finding(trail) == Finding("untimely", 4, entry_id)


async def test_an_entry_that_is_never_linked_is_named(trail, tamper):
    await linked(trail, 2)
    await write(trail)
    await tamper("DELETE FROM audit_unlinked")
    await run_job(trail)
    found = await finding(trail, timedelta(minutes=11))
    assert found is not None
    assert (found.kind, found.sequence) == ("unlinked", None)


async def test_a_tail_that_was_cut_is_noticed_by_who_knows_the_head(trail, tamper):
    ids = await linked(trail, 4)
    head = (4, (await verdict(trail)).head)
    assert await finding(trail, known_head=head) is None
    await tamper("DELETE FROM audit_links WHERE sequence > 2")
    await tamper("DELETE FROM audit_entries WHERE id IN (:third, :fourth)", third=ids[2], fourth=ids[3])
    assert await finding(trail) is None
    assert await finding(trail, known_head=head) == Finding("missing", 3, None)


async def test_a_chain_made_anew_is_noticed_by_who_knows_the_head(trail, tamper):
    ids = await linked(trail, 3)
    head = (2, (await verdict(trail)).head)
    await tamper("UPDATE audit_entries SET action = 'thing.deleted' WHERE id = :id", id=ids[0])
    await tamper("DELETE FROM audit_links")
    await tamper("INSERT INTO audit_unlinked SELECT id FROM audit_entries")
    await run_job(trail)
    assert await finding(trail) is None
    assert await finding(trail, known_head=head) == Finding("head", 2, ids[1])


async def test_the_head_of_the_chain_is_a_metric(trail):
    await linked(trail, 3)
    assert REGISTRY.get_sample_value("audit_chain_head", {"service": "probe"}) == 3


async def test_writers_do_not_wait_for_each_other_and_all_are_linked_once(trail):
    """One transaction stays open while others write, commit and are linked; then it is linked too."""
    async with trail.transaction() as slow:
        await audit.record(slow, audit.Entry(action="thing.slow"), at=datetime.now(UTC))
        await asyncio.wait_for(asyncio.gather(*(write(trail, 5) for _ in range(8))), 30)
        await asyncio.gather(*(run_job(trail) for _ in range(3)))
        assert (await verdict(trail)).checked == 40
    await run_job(trail)
    found = await verdict(trail, timedelta(hours=1))
    assert (found.checked, found.finding) == (41, None)


async def test_a_twin_of_the_linking_job_leaves_the_work_alone(trail):
    await write(trail, 3)
    async with trail.transaction() as first, trail.transaction() as second:
        await link(first, "probe", datetime.now(UTC))
        await link(second, "probe", datetime.now(UTC))
    found = await verdict(trail)
    assert (found.checked, found.finding) == (3, None)
