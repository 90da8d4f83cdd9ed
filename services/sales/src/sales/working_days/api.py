"""Days that the calendar did not foresee."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from sqlalchemy.dialects.postgresql import insert

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.days import Day
from chassis.permissions import permitted
from chassis.service import Db
from iran import normalise
from sales.context import Ctx
from sales.working_days import queries
from sales.working_days.queries import Scope
from sales.working_days.tables import CalendarOverride

router = APIRouter(tags=["staff: calendar"], prefix="/staff/calendar")
Writer = Annotated[Principal, Depends(permitted("calendar.write"))]
Reader = Annotated[Principal, Depends(permitted("calendar.read"))]
Reason = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(normalise), StringConstraints(min_length=1)
]


class DayDecision(BaseModel):
    """``bank`` days count for deadlines of payments, ``office`` days for desks."""

    model_config = ConfigDict(extra="forbid")

    working: bool
    reason: Reason


class DayView(BaseModel):
    """``applied_at``: since when the deadlines that the day lies in are put off."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    scope: Scope
    working: bool
    reason: str
    created_at: datetime
    applied_at: datetime | None


class Days(BaseModel):
    items: list[DayView]


@router.get("", summary="Days that are decided otherwise than the calendar says, latest first")
async def list_days(_: Reader, db: Db) -> Days:
    async with db.transaction() as session:
        rows = await queries.overrides(session)
        return Days(items=[DayView.model_validate(row) for row in rows])


@router.put(
    "/{scope}/{day}", summary="Decide whether a day is worked; open deadlines are put off by themselves"
)
async def decide_day(
    scope: Scope, day: Day, command: DayDecision, writer: Writer, db: Db, ctx: Ctx, client: ClientNetwork
) -> DayView:
    now = ctx.clock()
    facts = {
        "working": command.working,
        "reason": command.reason,
        "created_by": writer.subject,
        "created_at": now,
        "applied_after": None,
        "applied_at": None,
    }
    async with db.transaction() as session:
        statement = insert(CalendarOverride).values(day=day, scope=scope, **facts)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[CalendarOverride.day, CalendarOverride.scope], set_=facts
            )
        )
        entry = audit.Entry(
            action="sales.calendar.decided",
            actor=writer.subject,
            roles=writer.roles,
            client=client,
            details={"day": day, "scope": scope, "working": command.working},
        )
        await audit.record(session, entry, at=now)
    return DayView(day=day, scope=scope, applied_at=None, created_at=now, **command.model_dump())
