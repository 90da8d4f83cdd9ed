"""Does intake keep its rate when the table has grown to millions of orders?"""

import asyncio
from pathlib import Path

from bench import intake
from bench.filling import filling
from bench.launch import Launch, launch
from bench.report import Measurement

FILL = """
INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id,
                    title, price, prepayment,
                    state, live, version, placed_at, pay_before, timeline, idempotency_key, fingerprint)
SELECT uuidv7(), 'old-' || n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
       gen_random_uuid(), 'm t', 1000000000, 100000000, 'contract_active', true, 3, now() - interval '1 year',
       now() - interval '363 days', '[]', 'old-key', decode(repeat('00', 32), 'hex')
FROM generate_series(1, $1::bigint) AS n
"""


async def measure(folder: Path, seconds: int, rows: int) -> list[Measurement]:
    async with launch(folder) as world:
        empty = await intake.at_sales(world, seconds)
        await _fill(world, rows)
        full = await intake.at_sales(world, seconds)
    return [
        Measurement(
            f"order intake with {rows:,} orders in the table, against an empty one",
            full.per_second / empty.per_second,
            "×",
            0.9,
            detail=f"{full.per_second:,.0f}/s against {empty.per_second:,.0f}/s",
        )
    ]


async def _fill(world: Launch, rows: int) -> None:
    async with filling(world.database_url, "orders") as filler:
        await filler.run(FILL, rows)
    await asyncio.to_thread(world.postgres.sql, "CHECKPOINT")
