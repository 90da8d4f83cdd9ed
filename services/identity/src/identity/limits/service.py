"""Counting, each in one statement, so that parallel requests cannot slip through."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import quotas
from chassis.errors import TooManyRequests
from chassis.quotas import give_back, renewal, seconds_until, spend, timed, used
from identity.limits.domain import Backoff, Count

__all__ = [
    "count_try",
    "forget",
    "forgive",
    "give_back",
    "renewal",
    "seconds_until",
    "spend",
    "take_back",
    "used",
]


_TRY = timed(
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
_BLOCKED_UNTIL = timed(
    """
    SELECT max(blocked_until) FROM secret_tries
    WHERE name = ANY(:names) AND blocked_until > :now AND forget_at > :now
    """,
    "now",
).bindparams(bindparam("names", type_=ARRAY(Text)))
_ERASE = text("DELETE FROM secret_tries WHERE name = :name")
_TAKE_BACK = timed(
    "UPDATE secret_tries SET tries = greatest(tries - 1, 0), blocked_until = :now WHERE name = :name", "now"
)
_FORGET = timed("DELETE FROM secret_tries WHERE forget_at < :now", "now")


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
    await quotas.forget(session, now)
    await session.execute(_FORGET, {"now": now})
