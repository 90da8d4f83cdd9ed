"""Counting, each in one statement, so that parallel requests cannot slip through."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Boolean, Double, Integer, Text, bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import quotas
from chassis.database import UtcDateTime
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
    WITH asked AS (
        SELECT * FROM unnest(:names, :first_blocks, :forget_ats, :frees, :shareds, :pauses, :longests)
        WITH ORDINALITY AS rule (name, first_block, forget_at, free, shared, pause, longest, place)
    )
    INSERT INTO secret_tries AS known (name, tries, blocked_until, forget_at)
    SELECT name, 1, first_block, forget_at FROM asked
    WHERE NOT EXISTS (
        SELECT FROM secret_tries AS blocked
        WHERE blocked.name = ANY(:names) AND blocked.blocked_until > :now AND blocked.forget_at > :now
    )
    ORDER BY place
    ON CONFLICT (name) DO UPDATE SET (tries, blocked_until, forget_at) = (
        SELECT
            CASE WHEN known.forget_at <= :now THEN 1 ELSE known.tries + 1 END,
            CASE
                WHEN known.forget_at <= :now OR known.tries + 1 < free THEN least(known.blocked_until, :now)
                ELSE :now + make_interval(
                    secs => least(longest, pause * power(2, least(known.tries + 1 - free, 30)))
                )
            END,
            CASE WHEN shared AND known.forget_at > :now THEN known.forget_at ELSE asked.forget_at END
        FROM asked WHERE asked.name = known.name
    )
    WHERE known.blocked_until <= :now OR known.forget_at <= :now
    RETURNING 1
    """,
    "now",
).bindparams(
    bindparam("names", type_=ARRAY(Text)),
    bindparam("first_blocks", type_=ARRAY(UtcDateTime)),
    bindparam("forget_ats", type_=ARRAY(UtcDateTime)),
    bindparam("frees", type_=ARRAY(Integer)),
    bindparam("shareds", type_=ARRAY(Boolean)),
    bindparam("pauses", type_=ARRAY(Double)),
    bindparam("longests", type_=ARRAY(Double)),
)
_BLOCKED_UNTIL = timed(
    """
    SELECT max(blocked_until) FROM secret_tries
    WHERE name = ANY(:names) AND blocked_until > :now AND forget_at > :now
    """,
    "now",
).bindparams(bindparam("names", type_=ARRAY(Text)))
_FORGIVE = timed(
    """
    WITH held AS (
        SELECT name FROM secret_tries WHERE name = ANY(:names)
        ORDER BY array_position(:names, name) FOR UPDATE
    ), erased AS (
        DELETE FROM secret_tries WHERE name IN (SELECT name FROM held) AND name = ANY(:own)
    )
    UPDATE secret_tries SET tries = greatest(tries - 1, 0), blocked_until = least(blocked_until, :now)
    WHERE name IN (SELECT name FROM held) AND name <> ALL(:own)
    """,
    "now",
).bindparams(bindparam("names", type_=ARRAY(Text)), bindparam("own", type_=ARRAY(Text)))
_FORGET = timed("DELETE FROM secret_tries WHERE forget_at < :now", "now")


async def count_try(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    """Counts a try before the secret is looked at; raises ``TooManyRequests`` when it must wait.

    The counters are locked in the order of ``counts``. Who must wait is found out without a lock, so that a
    flood costs little.
    """
    counted = (await session.execute(_TRY, _try_of(counts, now))).all()
    if len(counted) < len(counts):
        await _refuse_blocked(session, counts, now)
        raise TooManyRequests(1)


async def _refuse_blocked(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    names = [count.name for count in counts]
    blocked_until = await session.scalar(_BLOCKED_UNTIL, {"names": names, "now": now})
    if blocked_until is not None:
        raise TooManyRequests(seconds_until(blocked_until, now))


def _try_of(counts: Sequence[Count], now: datetime) -> dict[str, Any]:
    rules = [count.rule for count in counts]
    return {
        "now": now,
        "names": [count.name for count in counts],
        "first_blocks": [_first_block(rule, now) for rule in rules],
        "forget_ats": [now + rule.forget for rule in rules],
        "frees": [rule.free for rule in rules],
        "shareds": [rule.shared for rule in rules],
        "pauses": [rule.pause.total_seconds() for rule in rules],
        "longests": [rule.longest.total_seconds() for rule in rules],
    }


def _first_block(rule: Backoff, now: datetime) -> datetime:
    """While tries are free this is long ago: the clocks of processes differ, a request overtakes another."""
    return now - rule.forget if rule.free > 1 else now + rule.pause


async def forgive(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    """Makes up for ``count_try`` after the secret was right."""
    own = [count.name for count in counts if not count.rule.shared]
    await session.execute(_FORGIVE, {"names": [count.name for count in counts], "own": own, "now": now})


async def take_back(session: AsyncSession, counts: Sequence[Count], now: datetime) -> None:
    """Undoes ``count_try`` when the secret could not be judged."""
    names = [count.name for count in counts]
    await session.execute(_FORGIVE, {"names": names, "own": list[str](), "now": now})


async def forget(session: AsyncSession, now: datetime) -> None:
    """Deletes the counters that no longer say anything."""
    await quotas.forget(session, now)
    await session.execute(_FORGET, {"now": now})
