"""What the database itself guarantees."""

from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chassis.database import Database
from payment.ledger.domain import EntryKind
from payment.ledger.queries import balance_check
from payment.ledger.service import post
from payment.schema import Base


@pytest.fixture
async def database(emptied):
    database = Database(emptied)
    yield database
    await database.close()


def own_tables(thing, name, kind, reflected, compared_to):
    return kind != "table" or name in Base.metadata.tables


async def test_migration_and_tables_agree(database):
    def compare(connection):
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": own_tables}
        )
        return compare_metadata(context, Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(compare) == []


async def post_one(database, *, amount=1_000, payment_id=None):
    async with database.transaction() as session:
        await post(
            session,
            EntryKind.RECEIVED,
            payment_id=payment_id or uuid4(),
            order_id=uuid4(),
            debit="provider:zarinpal",
            credit="buyer",
            amount=amount,
            at=(await session.execute(text("SELECT now()"))).scalar_one(),
        )


async def test_an_entry_is_booked_on_both_sides(database):
    await post_one(database)
    async with database.transaction() as session:
        balance = await balance_check(session)
    assert balance.sums_to_zero
    assert balance.accounts == {"buyer": -1_000, "provider:zarinpal": 1_000}


async def test_a_payment_has_each_kind_of_entry_once(database):
    payment_id = uuid4()
    await post_one(database, payment_id=payment_id)
    with pytest.raises(IntegrityError, match="ledger_entries_once"):
        await post_one(database, payment_id=payment_id)


async def execute(database, *statements):
    async with database.transaction() as session:
        for statement in statements:
            await session.execute(text(statement))


ENTRY = "INSERT INTO ledger_entries VALUES (gen_random_uuid(), 'received', gen_random_uuid(), now())"
POSTING = (
    "INSERT INTO ledger_postings SELECT id, 'buyer', gen_random_uuid(), {amount} FROM ledger_entries LIMIT 1"
)


@pytest.mark.parametrize("statements", [[ENTRY], [ENTRY, POSTING.format(amount=5)]])
async def test_an_entry_that_does_not_balance_cannot_be_committed(database, statements):
    with pytest.raises(DBAPIError, match=r"ledger entry .* sums to"):
        await execute(database, *statements)


async def test_a_posting_cannot_be_added_to_an_entry_that_balances(database):
    await post_one(database)
    with pytest.raises(DBAPIError, match=r"ledger entry .* sums to 5"):
        await execute(database, POSTING.format(amount=5).replace("'buyer'", "'unapplied'"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_postings SET amount = 0",
        "DELETE FROM ledger_postings",
        "UPDATE ledger_entries SET occurred_at = now()",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries, ledger_postings",
    ],
)
async def test_what_is_written_in_the_ledger_stays(database, statement):
    await post_one(database)
    with pytest.raises(DBAPIError, match="append-only"):
        await execute(database, statement)
