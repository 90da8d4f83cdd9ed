"""The ledger with ten million postings: a statement of an order, and the check of its balance."""

import time
from collections.abc import Awaitable
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg

from bench.report import Measurement
from chassis.database import Database, migrate
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from payment.app import MIGRATIONS
from payment.ledger import queries, statements

POSTINGS = 10_000_000
PER_ORDER = 10
"""Five entries: four parts of a bill came, one of them went back."""
STATEMENTS = 400
STATEMENT_MILLISECONDS, CHECK_SECONDS = 20, 30
AT_ONCE = 100_000

FILL = (
    """
    INSERT INTO bills (id, order_id, customer_id, purpose, amount, paid, state, due_at, issued_at, version)
    SELECT ('b' || lpad(to_hex(o), 31, '0'))::uuid, md5(o::text)::uuid, md5('c' || o)::uuid, 'prepayment',
           4000000000, 3000000000, 'open', now(), now(), 1
    FROM generate_series($1::int, $2::int) AS o
    """,
    """
    INSERT INTO payments (id, bill_id, customer_id, provider, amount, state, state_since, started_at,
                          settled_at, received, reference, version)
    SELECT ('a' || lpad(to_hex(o * 4 + n), 31, '0'))::uuid, ('b' || lpad(to_hex(o), 31, '0'))::uuid,
           md5('c' || o)::uuid, 'zarinpal', 1000000000, 'verified', now(), now(), now(), 1000000000,
           (o * 4 + n)::text, 3
    FROM generate_series($1::int, $2::int) AS o, generate_series(0, 3) AS n
    """,
    """
    INSERT INTO ledger_entries (id, kind, payment_id, occurred_at)
    SELECT lpad(to_hex(o * 5 + n), 32, '0')::uuid, (ARRAY['received', 'declined'])[1 + n / 4],
           ('a' || lpad(to_hex(o * 4 + n % 4), 31, '0'))::uuid, now()
    FROM generate_series($1::int, $2::int) AS o, generate_series(0, 4) AS n
    """,
    """
    INSERT INTO ledger_postings (entry_id, account, order_id, amount)
    SELECT lpad(to_hex(o * 5 + n), 32, '0')::uuid, account, md5(o::text)::uuid, 1000000000 * sign
    FROM generate_series($1::int, $2::int) AS o, generate_series(0, 4) AS n,
         unnest(CASE n WHEN 4 THEN ARRAY['buyer', 'unapplied'] ELSE ARRAY['provider:zarinpal', 'buyer'] END,
                ARRAY[1, -1]) AS posting(account, sign)
    """,
)
OF_BILLS = "SELECT customer_id, order_id FROM bills WHERE id = ANY($1)"


async def measure(folder: Path, _: int, rows: int) -> list[Measurement]:
    orders = min(POSTINGS, 2 * rows) // PER_ORDER
    with Backends(folder, open_secrets(folder)) as backends:
        servers = await backends.prepare()
        await migrate(servers.owners["payment"], MIGRATIONS)
        chosen = await _fill(backends.postgres.dsn("nobat_payment"), orders)
        database = Database(servers.databases["payment"], pool_size=1)
        measured = [await _statements(database, chosen), await _check(database, orders * PER_ORDER)]
        await database.close()
    return measured


async def _fill(dsn: str, orders: int) -> list[tuple[UUID, UUID]]:
    """Without triggers, which look at every entry; gives some customers and their orders."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for start in range(0, orders, AT_ONCE):
        for statement in FILL:
            await connection.execute(statement, start, min(start + AT_ONCE, orders) - 1, timeout=1800)
    await connection.execute("VACUUM ANALYZE", timeout=1800)
    dice = Random(1404)
    bills = [UUID(f"b{dice.randrange(orders):031x}") for _ in range(STATEMENTS)]
    rows = await connection.fetch(OF_BILLS, bills)
    await connection.close()
    return [(row["customer_id"], row["order_id"]) for row in rows]


async def _statements(database: Database, chosen: list[tuple[UUID, UUID]]) -> Measurement:
    async def one(customer_id: UUID, order_id: UUID) -> None:
        async with database.transaction() as session:
            statement = await statements.of_customer(session, customer_id, order_id)
        assert len(statement.movements) == PER_ORDER // 2, statement

    await one(*chosen[0])
    took = sorted([await _seconds(one(*each)) * 1000 for each in chosen])
    return Measurement(
        "statement of an order, 99 of 100",
        took[len(took) * 99 // 100],
        "ms",
        STATEMENT_MILLISECONDS,
        at_most=True,
        detail=f"median {took[len(took) // 2]:.1f} ms, slowest {took[-1]:.1f} ms of {len(took)} orders",
    )


async def _check(database: Database, postings: int) -> Measurement:
    async def check() -> None:
        async with database.transaction() as session:
            balance = await queries.balance_check(session)
        assert balance.is_kept, balance
        assert balance.postings == postings, balance

    return Measurement(
        "check of the ledger's balance",
        await _seconds(check()),
        "s",
        CHECK_SECONDS,
        at_most=True,
        detail=f"{postings:,} postings, every entry, and the bills",
    )


async def _seconds(work: Awaitable[None]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started
