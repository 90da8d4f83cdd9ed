"""Files of banks: a list of two million blocked deposits, and statements whose rows each pay a bill."""

import time
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from bench.memory import peak_memory
from bench.report import Measurement
from chassis.clock import system_clock
from chassis.crypto import BlindIndex, new_key
from chassis.database import Database, migrate
from chassis.imports import Importer, store
from chassis.imports.importer import SEALED
from chassis.imports.store import Import
from events.identity import NATIONAL_CODE
from iran import BillPair
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from payment.app import MIGRATIONS, build
from payment.blocked import jobs as closing
from payment.config import Settings

ROWS = 2_000_000
STATEMENT = 10_000
KNOWN = 0.9
"""The share of a list who have an account."""
PART = 1_000_000
LEAST = 1_000_000_000
BILLS = """
INSERT INTO bills (id, order_id, customer_id, purpose, amount, paid, state, due_at, issued_at, bank_bill_id,
                   bank_payment_id, version)
SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'prepayment', 900000000, 0, 'open',
       now() + interval '2 days', now(), bill, payment, 1
FROM unnest($1::text[], $2::text[]) AS pairs (bill, payment)
"""


async def measure(folder: Path, _: int, rows: int) -> list[Measurement]:
    count = min(rows, ROWS)
    with Backends(folder, open_secrets(folder)) as backends:
        url = (await backends.prepare()).owners["payment"]
        await migrate(url, MIGRATIONS)
        settings = _settings(url)
        await _register(url, BlindIndex.parse(settings.index_key), int(count * KNOWN))
        async with build(settings).opened() as service:
            [importer] = (part for part in service.provides if isinstance(part, Importer))
            listed = [
                await _of_list(service.database, importer, count, "taken in for the first time"),
                await _of_list(service.database, importer, count, "taken in again, a day later"),
            ]
            paying = await _of_statement(url, service.database, importer)
    return [*chain.from_iterable(listed), paying]


async def _of_list(database: Database, importer: Importer, count: int, when: str) -> list[Measurement]:
    options = {"bank": "012", "plan_id": str(UUID(int=1)), "least": LEAST, "complete": True}
    sent = await _sent(database, importer, "blocked_deposits", _list(count), options)
    closer = closing.closer(database, system_clock, 1)
    seconds, peak = await _taken_in(importer, closer.run)
    async with database.transaction() as session:
        seen = await store.find(session, "blocked_deposits", sent)
    assert (seen.state, seen.rows_read, seen.rows_bad) == ("done", count, 0), seen
    rows = f"{count:,} rows of blocked deposits, {when}"
    detail = f"{count / seconds:,.0f} rows/s; {KNOWN:.0%} have an account"
    return [
        Measurement(f"seconds for {rows}", seconds, "s", target=60, at_most=True, detail=detail),
        Measurement(f"most memory for {rows}", peak, "MB", target=500, at_most=True),
    ]


async def _of_statement(url: str, database: Database, importer: Importer) -> Measurement:
    pairs = [
        BillPair.issue(file_code=number, company=123, amount=900_000_000, year=5, period=0)
        for number in range(1, STATEMENT + 1)
    ]
    connection = await _connect(url)
    await connection.execute(
        BILLS, [str(pair.bill_id) for pair in pairs], [str(pair.payment_id) for pair in pairs], timeout=600
    )
    await connection.execute("ANALYZE", timeout=600)
    await connection.close()
    lines = (
        f"{pair.bill_id},{pair.payment_id},900000000,R-{number},2026-11-22\n"
        for number, pair in enumerate(pairs)
    )
    parts = _parts("bill_id,payment_id,amount,reference,on\n", lines)
    sent = await _sent(database, importer, "deposits", parts, {"bank": "012"})
    seconds, _ = await _taken_in(importer)
    async with database.transaction() as session:
        seen = await store.find(session, "deposits", sent)
    assert (seen.state, seen.rows_bad) == ("done", 0), seen
    return Measurement(
        "rows of a statement that pay a bill",
        STATEMENT / seconds,
        "/s",
        detail="each a locked bill, a payment, a reference, a ledger entry and an event",
    )


async def _taken_in(importer: Importer, *afterwards: Any) -> tuple[float, float]:
    started = time.perf_counter()
    with peak_memory() as peak:
        for run in (importer.run, *afterwards):
            while await run():
                pass
    return time.perf_counter() - started, peak.megabytes


async def _register(url: str, index: BlindIndex, count: int) -> None:
    connection = await _connect(url)
    people = ((uuid7(), index.of(code, NATIONAL_CODE), 1) for code in _codes(count))
    names = ("customer_id", "national_code_index", "index_generation")
    await connection.copy_records_to_table("people", records=people, columns=names, timeout=600)
    await connection.execute("ANALYZE people", timeout=600)
    await connection.close()


def _codes(count: int) -> Iterator[str]:
    for number in range(count):
        nine = f"{100_000_000 + number * 397 % 900_000_000}"
        rest = sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        yield f"{nine}{rest if rest < 2 else 11 - rest}"


def _list(count: int) -> Iterator[bytes]:
    lines = (f"{code},{LEAST},1405/08/{number % 30 + 1:02}\n" for number, code in enumerate(_codes(count)))
    return _parts("national_code,amount,on\n", lines)


def _parts(heading: str, lines: Iterable[str]) -> Iterator[bytes]:
    rest = iter(lines)
    content = heading
    while some := "".join(islice(rest, 10_000)):
        content += some
        if len(content) > PART - 500_000:
            yield content.encode()
            content = ""
    if content:
        yield content.encode()


async def _sent(
    database: Database, importer: Importer, kind: str, parts: Iterable[bytes], options: dict[str, Any]
) -> UUID:
    new = Import(
        id=uuid7(),
        kind=kind,
        file_name="bench",
        format="csv",
        state="uploading",
        created_by=uuid7(),
        created_at=system_clock(),
        finished_at=None,
        rows_total=None,
        rows_read=0,
        rows_bad=0,
        failure=None,
        options=options,
    )
    sent = 0
    async with database.transaction() as session:
        await store.create(session, new)
        for sent, part in enumerate(parts, 1):
            await store.put_part(session, new.id, sent, importer.keyring.seal(part, SEALED))
        await store.start(session, new.id, sent)
    return new.id


def _settings(url: str) -> Settings:
    return Settings(
        database_url=url,
        amqp_url="",
        jwks_url="",
        event_keys=f"bench:{new_key()}",
        data_keys=f"bench:{new_key()}",
        index_key=new_key(),
        zarinpal_merchant_id=str(UUID(int=1)),
    )


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
