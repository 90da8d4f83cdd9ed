"""When the head office can be called is decided from a day on."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects.postgresql import insert

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.days import Day
from chassis.errors import Problem
from chassis.permissions import permitted
from chassis.service import Db
from iran import tehran_date
from sales.context import Ctx
from sales.dealerships.hours import Week
from sales.dealerships.service import Phone
from sales.dealerships.tables import OfficeHours

router = APIRouter(tags=["staff: dealerships"], prefix="/staff/office-hours")
Writer = Annotated[Principal, Depends(permitted("dealerships.write"))]
LATEST = timedelta(days=3660)


class DayIsOver(Problem):
    status = 422
    code = "day_is_over"
    fa = "ساعت کار از امروز یا روزی پس از آن تعیین می‌شود."
    en = "Hours are decided from today or a later day on."


class OfficeForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    phone: Phone
    weekly_hours: Week


class DecidedHours(OfficeForm):
    valid_from: date


@router.put("/{valid_from}", summary="Decide when the head office can be called from a day on")
async def decide_hours(
    valid_from: Day, form: OfficeForm, writer: Writer, db: Db, context: Ctx, client: ClientNetwork
) -> DecidedHours:
    now = context.clock()
    today = tehran_date(now)
    if not today <= valid_from <= today + LATEST:
        raise DayIsOver
    entry = audit.Entry(
        action="sales.office_hours.decided",
        actor=writer.subject,
        roles=writer.roles,
        client=client,
        details={"valid_from": valid_from.isoformat()},
    )
    facts = form.model_dump(mode="json")
    async with db.transaction() as session:
        statement = insert(OfficeHours).values(valid_from=valid_from, **facts)
        await session.execute(
            statement.on_conflict_do_update(index_elements=[OfficeHours.valid_from], set_=facts)
        )
        await audit.record(session, entry, at=now)
    return DecidedHours(valid_from=valid_from, **form.model_dump())
