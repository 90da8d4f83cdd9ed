"""The public directory of dealerships, and when the head office can be called."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.service import Db
from iran import Province, WorkingCalendar
from sales.context import Ctx
from sales.dealerships import queries
from sales.dealerships.hours import EVERY_DAY, Week, opening
from sales.dealerships.views import WEEK, DealershipView
from sales.working_days.queries import decided

router = APIRouter(tags=["dealerships"])
SearchText = Annotated[str | None, Query(min_length=1, max_length=60)]
View = TypeVar("View", bound=BaseModel)


class Directory(BaseModel, Generic[View]):
    items: list[View]
    next_cursor: str | None = None


class OfficeHours(BaseModel):
    """When somebody answers ``phone``; times are moments."""

    phone: str
    weekly_hours: Week
    open_now: bool | None
    open_until: datetime | None
    next_opening: datetime | None


async def directory(session: AsyncSession) -> WorkingCalendar:
    """The calendar of desks: every holiday, and what was decided about single days."""
    return EVERY_DAY.with_overrides(await decided(session, "office"))


@router.get("/dealerships", summary="Search the dealerships")
async def list_dealerships(
    db: Db, context: Ctx, province: Province | None = None, city: SearchText = None, q: SearchText = None
) -> Directory[DealershipView]:
    async with db.transaction() as session:
        rows = await queries.search(session, province, city, q)
        calendar = await directory(session)
    now = context.clock()
    return Directory(items=[DealershipView.of(row, now, calendar) for row in rows])


@router.get("/office-hours", summary="When the head office can be called")
async def office_hours(db: Db, context: Ctx) -> OfficeHours:
    now = context.clock()
    async with db.transaction() as session:
        office = await queries.office(session, now)
        calendar = await directory(session)
    week = WEEK.validate_python(office.weekly_hours)
    state = opening(week, calendar, now)
    return OfficeHours(
        phone=office.phone,
        weekly_hours=week,
        open_now=state.open_now,
        open_until=state.until,
        next_opening=state.next_opening,
    )
