"""What PostgreSQL itself does with one hot row: ``pgbench`` with the three statements of an order."""

import asyncio
import re
from pathlib import Path

from bench.launch import Launch

CLIENTS = 16

SCRIPT = """
BEGIN;
UPDATE offerings SET sold = sold + 1 WHERE id = '{offering}' AND sold < capacity;
INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id,
                    title, price, prepayment,
                    state, live, version, placed_at, pay_before, timeline, fingerprint)
VALUES (gen_random_uuid(), gen_random_uuid()::text, '{plan}', '{offering}', gen_random_uuid(),
        '{dealership}', 'm t', 1000000000, 100000000,
        'awaiting_payment', true, 1, now(), now() + interval '1 day',
        '[{{"state": "awaiting_payment", "at": "2026-01-01T00:00:00+00:00"}}]',
        decode(repeat('00', 32), 'hex'));
INSERT INTO outbox (id, routing_key, message)
VALUES (gen_random_uuid(), 'sales.order_placed.v1', convert_to(repeat('x', 700), 'UTF8'));
COMMIT;
"""


async def orders_per_second(world: Launch, seconds: int) -> float:
    """Transactions per second of 16 clients, durable commits, on the tables that sales uses."""
    script = world.folder / "order.sql"
    script.write_text(
        SCRIPT.format(offering=world.offering_id, plan=world.plan_id, dealership=world.dealership_id)
    )
    output = await _pgbench(world, script, seconds)
    found = re.search(r"^tps = ([\d.]+)", output, re.MULTILINE)
    if found is None:
        raise RuntimeError(output)
    return float(found.group(1))


async def _pgbench(world: Launch, script: Path, seconds: int) -> str:
    dsn = world.database_url.replace("postgresql+asyncpg", "postgresql")
    process = await asyncio.create_subprocess_exec(
        *(str(world.postgres.bin("pgbench")), "--no-vacuum", f"--client={CLIENTS}", "--jobs=2"),
        *(f"--time={seconds}", f"--file={script}", dsn),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return output.decode()
