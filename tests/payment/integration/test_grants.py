"""The service's own account adds to the ledger and the audit trail, and changes nothing that is written."""

from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from chassis import audit
from chassis.audit.linking import head, link
from chassis.database import Database, migrate
from nobat import databases
from nobat.secret_store import MAKERS, Secrets
from payment.app import MIGRATIONS
from payment.ledger.domain import EntryKind
from payment.ledger.queries import balance_check
from payment.ledger.service import post

SECRETS = Secrets({name: make() for name, make in MAKERS.items()})


@pytest.fixture(scope="module")
async def ledger(postgres):
    """A database as an installation makes it, with one entry; gives the service's address."""
    found = await databases.create(postgres.url(), ["books"], SECRETS)
    await migrate(found.owners["books"], MIGRATIONS)
    database = Database(found.services["books"], pool_size=1)
    async with database.transaction() as session:
        await post(
            session,
            EntryKind.RECEIVED,
            payment_id=uuid4(),
            order_id=uuid4(),
            debit="provider:zarinpal",
            credit="buyer",
            amount=1_000,
            at=datetime.now(UTC),
        )
    async with database.transaction() as session:
        assert (await balance_check(session)).sums_to_zero
    await database.close()
    return found.services["books"].replace("+asyncpg", "")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_postings SET amount = 0",
        "UPDATE ledger_entries SET occurred_at = now()",
        "DELETE FROM ledger_postings",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_postings",
        "INSERT INTO ledger_entries TABLE ledger_entries ON CONFLICT (id) DO UPDATE SET kind = 'returned'",
        "MERGE INTO ledger_postings USING ledger_entries ON id = entry_id WHEN MATCHED THEN DELETE",
        "SELECT * FROM ledger_postings FOR UPDATE",
        "ALTER TABLE ledger_postings DISABLE TRIGGER USER",
        "DROP TRIGGER ledger_postings_append_only ON ledger_postings",
        "DROP TABLE ledger_postings",
        "CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "CREATE RULE none AS ON INSERT TO ledger_postings DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
        "SET ROLE nobat_books_owner",
    ],
)
async def test_no_statement_of_the_service_changes_the_ledger(ledger, statement):
    connection = await asyncpg.connect(ledger)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = NULL",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_links",
        "UPDATE audit_links SET hash = hash",
        "DELETE FROM audit_links",
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "DROP FUNCTION audit_refuse_change() CASCADE",
    ],
)
async def test_no_statement_of_the_service_changes_the_audit_trail(ledger, statement):
    connection = await asyncpg.connect(ledger)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"permission denied|must be owner"):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_service_adds_to_the_audit_trail_and_chains_it(ledger):
    database = Database(ledger.replace("postgresql:", "postgresql+asyncpg:"), pool_size=1)
    async with database.transaction() as session:
        await audit.record(session, audit.Entry(action="books.opened", actor=uuid4()), at=datetime.now(UTC))
    async with database.transaction() as session:
        await link(session, "books", datetime.now(UTC))
        assert (await head(session))[0] == 1
    await database.close()


async def test_the_service_works_in_every_other_table(ledger):
    connection = await asyncpg.connect(ledger)
    query = """
        SELECT relname FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS verb
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT has_table_privilege(oid, verb)
    """
    limited = {row["relname"] for row in await connection.fetch(query)}
    await connection.close()
    assert limited == {"ledger_entries", "ledger_postings", "audit_entries", "audit_links"}
