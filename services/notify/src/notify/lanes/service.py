"""Setting the limits of lanes, and counting what is spent."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from iran import tehran_date
from notify.lanes.domain import Budget
from notify.lanes.tables import LaneLimits, LaneSpending
from notify.messages.domain import Lane
from notify.trail import Actor

log = get_logger(__name__)


@dataclass(frozen=True)
class Wish:
    """What the limits of a lane shall be."""

    in_flight: int
    per_second: int | None
    rial_per_part: int
    daily_rial: int | None
    warn_percent: int


async def set_limits(session: AsyncSession, lane: Lane, wish: Wish, by: Actor) -> LaneLimits:
    """Workers go by it within a second."""
    limits = await session.get_one(LaneLimits, lane, with_for_update=True)
    before = {name: getattr(limits, name) for name in vars(wish)}
    for name, value in vars(wish).items():
        setattr(limits, name, value)
    changed = [name for name in before if before[name] != getattr(limits, name)]
    await by.note(session, "message_lane.changed", {"lane": lane, "changed": changed})
    log.info("notify.lane.changed", lane=lane, changed=changed)
    return limits


async def spend(session: AsyncSession, lane: Lane, messages: int, parts: int, now: datetime) -> None:
    """Counts messages that a provider accepted."""
    price = select(LaneLimits.rial_per_part * parts).where(LaneLimits.lane == lane)
    columns = ("lane", "day", "messages", "parts", "rial")
    today = select(
        literal(lane.value),
        literal(tehran_date(now)),
        literal(messages),
        literal(parts),
        price.scalar_subquery(),
    )
    spent = insert(LaneSpending).from_select(columns, today)
    added = {name: getattr(LaneSpending, name) + spent.excluded[name] for name in columns[2:]}
    await session.execute(spent.on_conflict_do_update(index_elements=columns[:2], set_=added))


async def budget(session: AsyncSession, lane: Lane, now: datetime) -> Budget:
    """Of the day that it is in Tehran."""
    return (await budgets(session, tehran_date(now)))[lane]


async def budgets(session: AsyncSession, day: date) -> dict[Lane, Budget]:
    query = select(LaneLimits, LaneSpending.rial).outerjoin(
        LaneSpending, (LaneSpending.lane == LaneLimits.lane) & (LaneSpending.day == day)
    )
    rows = await session.execute(query)
    return {limits.lane: Budget(limits.daily_rial, rial or 0, limits.rial_per_part) for limits, rial in rows}
