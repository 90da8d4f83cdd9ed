"""The calendars with what staff decided about single days."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from iran import BANK, OFFICE, Override, WorkingCalendar
from sales.working_days.tables import CalendarOverride

Scope = Literal["bank", "office"]
CALENDARS: Mapping[Scope, WorkingCalendar] = {"bank": BANK, "office": OFFICE}


async def calendar(session: AsyncSession, scope: Scope = "bank") -> WorkingCalendar:
    """What is to be paid is counted in the days of banks."""
    return CALENDARS[scope].with_overrides(await decided(session, scope))


async def decided(session: AsyncSession, scope: Scope) -> list[Override]:
    """What staff decided about single days."""
    rows = await session.scalars(select(CalendarOverride).where(CalendarOverride.scope == scope))
    return [Override(row.day, row.working) for row in rows]


async def overrides(session: AsyncSession) -> Sequence[CalendarOverride]:
    """Latest day first."""
    query = select(CalendarOverride).order_by(CalendarOverride.day.desc(), CalendarOverride.scope)
    return (await session.scalars(query.limit(500))).all()
