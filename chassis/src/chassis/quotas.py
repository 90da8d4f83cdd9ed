"""How often something may happen within a time, counted in the service's database.

Each count is one statement, so that parallel requests cannot slip through. A service that has quotas has the
table ``quota_uses (name text primary key, used integer, renews_at timestamptz)``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, Text, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import UtcDateTime


@dataclass(frozen=True)
class Quota:
    """``limit`` times within ``window``, which starts at the first of them."""

    name: str
    limit: int
    window: timedelta

    def name_of(self, key: str) -> str:
        return f"{self.name}:{key}"


def timed(statement: str, *moments: str) -> TextClause:
    """A statement whose parameters of these names are moments."""
    return text(statement).bindparams(*(bindparam(moment, type_=UtcDateTime) for moment in moments))


_SPEND = timed(
    """
    INSERT INTO quota_uses AS known (name, used, renews_at) VALUES (:name, 1, :renews_at)
    ON CONFLICT (name) DO UPDATE SET
        used = CASE WHEN known.renews_at <= :now THEN 1 ELSE known.used + 1 END,
        renews_at = CASE WHEN known.renews_at <= :now THEN excluded.renews_at ELSE known.renews_at END
    WHERE known.renews_at <= :now OR known.used < :limit
    RETURNING 1
    """,
    "now",
    "renews_at",
)
_GIVE_BACK = timed(
    """
    UPDATE quota_uses SET used = used - 1 WHERE name = :name AND renews_at > :now AND used > 0
    """,
    "now",
)
_USED = timed("SELECT used FROM quota_uses WHERE name = :name AND renews_at > :now", "now")
_RENEWS_AT = text("SELECT renews_at FROM quota_uses WHERE name = :name")
_USES = timed(
    "SELECT name, used, renews_at FROM quota_uses WHERE name = ANY(:names) AND renews_at > :now", "now"
).bindparams(bindparam("names", type_=ARRAY(Text)))
_FORGET = timed("DELETE FROM quota_uses WHERE renews_at < :now", "now")


async def spend(session: AsyncSession, quota: Quota, key: str, now: datetime) -> bool:
    """Uses the quota of ``key`` once; False when nothing is left of it."""
    mark = {
        "name": quota.name_of(key),
        "now": now,
        "renews_at": now + quota.window,
        "limit": quota.limit,
    }
    return (await session.execute(_SPEND, mark)).first() is not None


async def give_back(session: AsyncSession, quota: Quota, key: str, now: datetime) -> None:
    """Makes up for one use of the quota in its present window."""
    await session.execute(_GIVE_BACK, {"name": quota.name_of(key), "now": now})


async def used(session: AsyncSession, quota: Quota, key: str, now: datetime) -> int:
    """How much of the quota is used up in its present window."""
    return await session.scalar(_USED, {"name": quota.name_of(key), "now": now}) or 0


async def waiting(session: AsyncSession, counts: Sequence[tuple[Quota, str]], now: datetime) -> int:
    """The seconds until each of these quotas of a key has something left; 0 when all have. Uses nothing."""
    limits = {quota.name_of(key): quota.limit for quota, key in counts}
    rows = await session.execute(_USES, {"names": list(limits), "now": now})
    spent = [row.renews_at for row in rows if row.used >= limits[row.name]]
    return max((seconds_until(renews_at, now) for renews_at in spent), default=0)


async def renewal(session: AsyncSession, quota: Quota, key: str, now: datetime) -> int:
    """The seconds until a quota that is used up is renewed."""
    renews_at = (await session.execute(_RENEWS_AT, {"name": quota.name_of(key)})).scalar_one()
    return seconds_until(renews_at, now)


async def forget(session: AsyncSession, now: datetime) -> None:
    """Deletes the counters that no longer say anything."""
    await session.execute(_FORGET, {"now": now})


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds, at least 1."""
    return max(1, math.ceil((moment - now).total_seconds()))
