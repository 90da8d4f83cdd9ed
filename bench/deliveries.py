"""Files of cars: how many rows a second a worker takes in, from CSV and from XLSX."""

import io
import time
from pathlib import Path
from uuid import UUID

import asyncpg
import psutil
from openpyxl import Workbook
from uuid_utils.compat import uuid7

from bench.report import Measurement
from chassis.clock import system_clock
from chassis.crypto import Keyring, new_key
from chassis.database import Database, migrate
from chassis.imports import Importer, store
from chassis.imports.importer import SEALED
from chassis.imports.reading import FileFormat
from chassis.imports.store import Import
from iran import with_check_digit
from nobat.backends import Backends
from nobat.secret_store import open_secrets
from sales.app import MIGRATIONS
from sales.deliveries.service import IMPORT

ROWS = 100_000
PART = 1_000_000
ORDERS = """
WITH made AS (
    INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id, title, price,
                        prepayment, state, live, version, placed_at, pay_before, timeline, fingerprint)
    SELECT uuidv7(), number, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'm',
           1000000000, 100000000, 'settled', true, 5, now() - interval '1 year', now() - interval '363 days',
           '[{"state": "settled", "at": "2026-01-01T00:00:00+00:00"}]', ''
    FROM unnest($1::text[]) AS number
    RETURNING id, request_number, customer_id
)
INSERT INTO contracts (id, number, order_id, customer_id, payment_id, terms, activated_at)
SELECT uuidv7(), request_number, id, customer_id, gen_random_uuid(), '{}', now() - interval '300 days'
FROM made
"""


async def measure(folder: Path, _: int, __: int) -> list[Measurement]:
    numbers = [with_check_digit(f"2{number:010}") for number in range(ROWS)]
    with Backends(folder, open_secrets(folder)) as backends:
        url = (await backends.prepare()).owners["sales"]
        await migrate(url, MIGRATIONS)
        await _fill(url, numbers)
        database = Database(url)
        importer = Importer(database, Keyring.parse(f"bench:{new_key()}"), system_clock, [IMPORT])
        measured = [
            await _measure(database, importer, "csv", _csv(numbers)),
            await _measure(database, importer, "xlsx", _xlsx(numbers)),
        ]
        await database.close()
    return measured


async def _measure(
    database: Database, importer: Importer, file_format: FileFormat, content: bytes
) -> Measurement:
    sent = await _sent(database, importer, file_format, content)
    started = time.perf_counter()
    while await importer.run():
        pass
    seconds = time.perf_counter() - started
    async with database.transaction() as session:
        seen = await store.find(session, IMPORT.name, sent)
    assert (seen.state, seen.rows_read, seen.rows_bad) == ("done", ROWS, 0), seen
    return Measurement(
        f"rows of deliveries taken in from {file_format.upper()}",
        ROWS / seconds,
        "/s",
        detail=f"{ROWS:,} rows in {seconds:.0f} s, each a step of an order, a car and an event; "
        f"{psutil.Process().memory_info().rss / 1e6:.0f} MB with what wrote the file",
    )


async def _sent(database: Database, importer: Importer, file_format: FileFormat, content: bytes) -> UUID:
    new = Import(
        id=uuid7(),
        kind=IMPORT.name,
        file_name="bench",
        format=file_format,
        state="uploading",
        created_by=uuid7(),
        created_at=system_clock(),
        finished_at=None,
        rows_total=None,
        rows_read=0,
        rows_bad=0,
        failure=None,
    )
    parts = [content[start : start + PART] for start in range(0, len(content), PART)]
    async with database.transaction() as session:
        await store.create(session, new)
        for number, part in enumerate(parts, 1):
            await store.put_part(session, new.id, number, importer.keyring.seal(part, SEALED))
        await store.start(session, new.id, len(parts))
    return new.id


async def _fill(url: str, numbers: list[str]) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    await connection.execute(ORDERS, numbers, timeout=600)
    await connection.execute("ANALYZE", timeout=600)
    await connection.close()


def _csv(numbers: list[str]) -> bytes:
    rows = (f"{number},allocated,NAAA{index:013},1404/05/01" for index, number in enumerate(numbers))
    return "\n".join(["contract_number,step,vin,on", *rows]).encode()


def _xlsx(numbers: list[str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["contract_number", "step", "invoice_number", "on"])
    for index, number in enumerate(numbers):
        sheet.append([number, "invoiced", f"F-{index}", "1404/06/01"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
