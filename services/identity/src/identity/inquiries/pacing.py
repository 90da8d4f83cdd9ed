"""How many questions of runs all workers together ask in a second, by the database's clock.

Providers sell a rate to the automaker, not to a process.
"""

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Double

NAME = "inquiry.runs"

_HOLD = text(
    """
    INSERT INTO quota_uses AS known (name, used, renews_at)
    VALUES (:name, 0, now() + make_interval(secs => :window))
    ON CONFLICT (name) DO UPDATE SET
        used = CASE WHEN known.renews_at <= now() THEN 0 ELSE known.used END,
        renews_at = CASE WHEN known.renews_at <= now() THEN excluded.renews_at ELSE known.renews_at END
    RETURNING used
    """
).bindparams(bindparam("window", type_=Double))
_USE = text("UPDATE quota_uses SET used = used + :count WHERE name = :name")


async def left(session: AsyncSession, rate: float) -> int:
    """How many more may be asked now; other workers wait for this transaction to know how many it takes."""
    held = await session.execute(_HOLD, {"name": NAME, "window": max(1.0, 1 / rate)})
    return max(0, max(1, int(rate)) - int(held.scalar_one()))


async def use(session: AsyncSession, count: int) -> None:
    if count:
        await session.execute(_USE, {"name": NAME, "count": count})
