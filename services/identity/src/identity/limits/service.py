"""Counting, each in one statement, so that parallel requests cannot slip through."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import UtcDateTime
from chassis.errors import TooManyRequests
from identity.limits.domain import Backoff, Count, Quota


def _timed(statement: str, *moments: str) -> TextClause:
    return text(statement).bindparams(*(bindparam(moment, type_=UtcDateTime) for moment in moments))


_SPEND = _timed(
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
_GIVE_BACK = _timed(
    """
    UPDATE quota_uses SET used = used - 1 WHERE name = :name AND renews_at > :now AND used > 0
    """,
    "now",
)
_USED = _timed("SELECT used FROM quota_uses WHERE name = :name AND renews_at > :now", "now")
_RENEWS_AT = text("SELECT renews_at FROM quota_uses WHERE name = :name")

_TRY = _timed(
    """
    INSERT INTO secret_tries AS known (name, tries, blocked_until, forget_at)
    VALUES (:name, 1, :first_block, :forget_at)
    ON CONFLICT (name) DO UPDATE SET
        tries = CASE WHEN known.forget_at <= :now THEN 1 ELSE known.tries + 1 END,
        blocked_until = CASE
            WHEN known.forget_at <= :now OR known.tries + 1 < :free THEN :now
            ELSE :now + make_interval(
                secs => least(:longest, :pause * power(2, least(known.tries + 1 - :free, 30)))
            )
        END,
        forget_at = CASE
            WHEN :shared AND known.forget_at > :now THEN known.forget_at ELSE excluded.forget_at
        END
    WHERE known.blocked_until <= :now OR known.forget_at <= :now
    RETURNING 1
    """,
    "now",
    "first_block",
    "forget_at",
)
_BLOCKED_UNTIL = _timed(
    """
    SELECT max(blocked_until) FROM secret_tries
    WHERE name = ANY(:names) AND blocked_until > :now AND forget_at > :now
    """,
    "now",
).bindparams(bindparam("names", type_=ARRAY(Text)))
_ERASE = text("DELETE FROM secret_tries WHERE name = :name")
_TAKE_BACK = _timed(
    "UPDATE secret_tries SET tries = greatest(tries - 1, 0), blocked_until = :now WHERE name = :name", "now"
)
_FORGET = (
    _timed("DELETE FROM quota_uses WHERE renews_at < :now", "now"),
    _timed("DELETE FROM secret_tries WHERE forget_at < :now", "now"),
)


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


async def renewal(session: AsyncSession, quota: Quota, key: str, now: datetime) -> int:
    """The seconds until a quota that is used up is renewed."""
    renews_at = (await session.execute(_RENEWS_AT, {"name": quota.name_of(key)})).scalar_one()
    return seconds_until(renews_at, now)


async def count_try(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    """Counts a try before the secret is looked at; raises ``TooManyRequests`` when it must wait.

    Who must wait is first found out without a lock, so that a flood costs little.
    """
    await _refuse_blocked(session, counts, now)
    for count in counts:
        if not (await session.execute(_TRY, _try_of(count, now))).first():
            await _refuse_blocked(session, [count], now)
            raise TooManyRequests(1)


async def _refuse_blocked(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    names = [count.name for count in counts]
    blocked_until = await session.scalar(_BLOCKED_UNTIL, {"names": names, "now": now})
    if blocked_until is not None:
        raise TooManyRequests(seconds_until(blocked_until, now))


def _try_of(count: Count, now: datetime) -> dict[str, Any]:
    rule: Backoff = count.rule
    return {
        "name": count.name,
        "now": now,
        "first_block": now if rule.free > 1 else now + rule.pause,
        "forget_at": now + rule.forget,
        "free": rule.free,
        "shared": rule.shared,
        "pause": rule.pause.total_seconds(),
        "longest": rule.longest.total_seconds(),
    }


async def forgive(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    """Makes up for ``count_try`` after the secret was right."""
    for count in counts:
        statement = _TAKE_BACK if count.rule.shared else _ERASE
        await session.execute(statement, {"name": count.name, "now": now})


async def take_back(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    """Undoes ``count_try`` when the secret could not be judged."""
    for count in counts:
        await session.execute(_TAKE_BACK, {"name": count.name, "now": now})


async def forget(session: AsyncSession, now: datetime) -> None:
    """Deletes the counters that no longer say anything."""
    for statement in _FORGET:
        await session.execute(statement, {"now": now})


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds, at least 1."""
    return max(1, math.ceil((moment - now).total_seconds()))
