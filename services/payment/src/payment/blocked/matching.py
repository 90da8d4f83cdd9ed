"""Matching a batch of lines with the people who have an account, as a set.

The lines are copied into a table that only this connection sees and that is empty again after the
transaction; a person is there by the blind index alone. One list of a plan and bank is taken in at a time.
Nobody knows how many rows that table has, so the statement says itself that it looks each line up
(``LATERAL ... LIMIT 1``): a plan that reads all people for every batch would take a hundred times as long.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from payment.blocked.rows import BlockedList

STAGED = ("line", "person", "amount", "blocked_on", "released")
StagedRow = tuple[int, str, int, date, bool]

_STAGING = text(
    "CREATE TEMPORARY TABLE IF NOT EXISTS blocked_staging"
    " (line integer, person text, amount bigint, blocked_on date, released boolean) ON COMMIT DELETE ROWS"
)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:plan_id || :bank, 0))")
_MATCH = text(
    """
    WITH met AS (
        SELECT line, customer_id, amount, blocked_on, NOT released AND amount >= :least AS live, released,
               row_number() OVER (PARTITION BY customer_id ORDER BY line DESC) = 1 AS counts
        FROM blocked_staging JOIN LATERAL (
            SELECT customer_id FROM people WHERE national_code_index = person LIMIT 1
        ) AS somebody ON true
    ), judged AS (
        SELECT met.*, coalesce(known.version, 0) AS version, known.list_id = :list_id AS again,
               CASE WHEN known.version IS NULL THEN met.live
                    ELSE (known.amount, known.blocked_on, known.live)
                         IS DISTINCT FROM (met.amount, met.blocked_on, met.live) END AS changed
        FROM met LEFT JOIN LATERAL (
            SELECT version, amount, blocked_on, live, list_id FROM blocked_deposits AS one
            WHERE one.plan_id = :plan_id AND one.customer_id = met.customer_id AND one.bank = :bank LIMIT 1
        ) AS known ON true
        WHERE counts
    ), written AS (
        INSERT INTO blocked_deposits AS known
            (plan_id, customer_id, bank, amount, blocked_on, live, version, list_id)
        SELECT :plan_id, customer_id, :bank, amount, blocked_on, live, version + changed::integer, :list_id
        FROM judged
        ON CONFLICT (plan_id, customer_id, bank) DO UPDATE SET
            amount = excluded.amount, blocked_on = excluded.blocked_on, live = excluded.live,
            version = excluded.version, list_id = excluded.list_id
    ), differing AS (
        INSERT INTO blocked_differences (list_id, line, reason, customer_id, amount)
        SELECT :list_id, line, reason, customer_id, amount FROM (
            SELECT line, 'repeated' AS reason, customer_id, amount FROM met WHERE NOT counts
            UNION ALL SELECT line, 'repeated', customer_id, amount FROM judged WHERE again
            UNION ALL SELECT line, 'too_little', customer_id, amount FROM judged
                WHERE amount < :least AND NOT released
            UNION ALL SELECT line, 'other_bank', judged.customer_id, judged.amount
                FROM judged JOIN LATERAL (
                    SELECT FROM blocked_deposits AS other
                    WHERE other.plan_id = :plan_id AND other.customer_id = judged.customer_id
                      AND other.bank <> :bank AND other.live LIMIT 1
                ) AS elsewhere ON true
                WHERE judged.live
            UNION ALL SELECT DISTINCT line, 'unknown_person', NULL::uuid, amount
                FROM blocked_staging AS staged
                WHERE NOT EXISTS (SELECT FROM met WHERE met.line = staged.line)
        ) AS found ORDER BY line
        RETURNING 1
    ), counted AS (
        UPDATE blocked_lists SET matched = matched + (SELECT count(*) FROM judged),
            differing = differing + (SELECT count(*) FROM differing)
        WHERE id = :list_id
    ), changed AS (
        SELECT customer_id, amount, blocked_on, live, version + 1 AS version FROM judged WHERE changed
    )
    SELECT json_agg(changed)::text FROM changed
    """
).bindparams(
    bindparam("plan_id", type_=Uuid),
    bindparam("list_id", type_=Uuid),
    bindparam("bank", type_=Text),
    bindparam("least", type_=BigInteger),
)


async def match(
    session: AsyncSession, list_id: UUID, about: BlockedList, staged: Iterable[StagedRow]
) -> str | None:
    """Writes what the lines say; the deposits that changed, as JSON."""
    await session.execute(_STAGING)
    await session.execute(_ONE_AT_A_TIME, {"plan_id": str(about.plan_id), "bank": about.bank})
    connection = await (await session.connection()).get_raw_connection()
    driver: Any = connection.driver_connection
    await driver.copy_records_to_table("blocked_staging", records=staged, columns=STAGED)
    changed: str | None = await session.scalar(
        _MATCH,
        {"list_id": list_id, "plan_id": about.plan_id, "bank": about.bank, "least": int(about.least)},
    )
    return changed
