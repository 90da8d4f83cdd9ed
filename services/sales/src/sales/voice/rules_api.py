"""The periods of complaints, which change from a day on."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.days import Day
from chassis.permissions import permitted
from chassis.service import Db
from chassis.validation import wrong_value
from iran import tehran_date
from sales.context import Ctx
from sales.voice.domain import NotItsDay
from sales.voice.tables import ComplaintRules

router = APIRouter(tags=["staff: complaints"], prefix="/staff/complaint-rules")
Reader = Annotated[Principal, Depends(permitted("complaints.read"))]
Writer = Annotated[Principal, Depends(permitted("complaints.rules"))]
Days = Annotated[int, Field(ge=1, le=365)]
LATEST = timedelta(days=3660)


def _ascending(warnings: list[int]) -> list[int]:
    if warnings != sorted(set(warnings)):
        raise wrong_value("ascending", "روزها باید به ترتیب باشند.", "The days ascend.")
    return warnings


class RulesForm(BaseModel):
    """Calendar days; ``warnings`` are days after the filing."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    answer_days: Days
    warnings: Annotated[list[Days], Field(max_length=10), AfterValidator(_ascending)]
    reopen_days: Annotated[int, Field(ge=0, le=365)]
    decision_days: Days
    execution_days: Days


class RulesView(RulesForm):
    valid_from: date


class RulesList(BaseModel):
    items: list[RulesView]


@router.get("", summary="The periods of complaints, latest first")
async def list_rules(_: Reader, db: Db) -> RulesList:
    async with db.transaction() as session:
        rows = await session.scalars(select(ComplaintRules).order_by(ComplaintRules.valid_from.desc()))
        return RulesList(items=[RulesView.model_validate(row) for row in rows])


@router.put("/{valid_from}", summary="Decide the periods of complaints filed from a coming day on")
async def decide_rules(
    valid_from: Day, form: RulesForm, writer: Writer, db: Db, context: Ctx, client: ClientNetwork
) -> RulesView:
    """What has begun to hold stays as it was: complaints were filed under it."""
    now = context.clock()
    earliest = tehran_date(now) + timedelta(days=1)
    if not earliest <= valid_from <= earliest + LATEST:
        raise NotItsDay(earliest=earliest.isoformat(), latest=(earliest + LATEST).isoformat())
    entry = audit.Entry(
        action="sales.complaint_rules.decided",
        actor=writer.subject,
        roles=writer.roles,
        client=client,
        details={"valid_from": valid_from.isoformat()},
    )
    facts = form.model_dump()
    async with db.transaction() as session:
        statement = insert(ComplaintRules).values(valid_from=valid_from, **facts)
        await session.execute(
            statement.on_conflict_do_update(index_elements=[ComplaintRules.valid_from], set_=facts)
        )
        await audit.record(session, entry, at=now)
    return RulesView(valid_from=valid_from, **facts)
