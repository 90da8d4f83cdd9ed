"""The memory of what was handled, so that every effect happens once.

The row is inserted in the handler's own transaction: both are there or neither is. Two processes with
the same message wait for each other on the primary key, and the second finds it handled.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import UtcDateTime

_REMEMBER = text(
    """
    INSERT INTO inbox (consumer, message_id)
    SELECT :consumer, message_id FROM unnest(:ids) AS delivered (message_id)
    ON CONFLICT DO NOTHING
    RETURNING message_id
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

_FORGET = text(
    """
    WITH forgotten AS (DELETE FROM inbox WHERE handled_at < :before RETURNING 1)
    SELECT count(*) FROM forgotten
    """
).bindparams(bindparam("before", type_=UtcDateTime))


async def remember(session: AsyncSession, consumer: str, ids: Collection[UUID]) -> set[UUID]:
    """Notes that ``consumer`` handles ``ids`` in this transaction; answers with those new to it."""
    rows = await session.execute(_REMEMBER, {"consumer": consumer, "ids": sorted(ids)})
    return set(rows.scalars())


async def forget(session: AsyncSession, before: datetime) -> int:
    """Deletes what was handled ``before``, which must be longer ago than the oldest redrive."""
    forgotten: int = (await session.execute(_FORGET, {"before": before})).scalar_one()
    return forgotten
