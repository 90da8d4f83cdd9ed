"""Inviting many at once."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.days import Day
from chassis.idempotency import IdempotencyKey
from chassis.permissions import permitted
from chassis.service import Db
from chassis.validation import wrong_value
from sales.deeds import Deeds
from sales.invitations import queries, runs
from sales.invitations.runs import Scope
from sales.invitations.tables import InvitationRun
from sales.invitations.views import RunList, RunView
from sales.plans.queries import find

router = APIRouter(tags=["staff: invitations"], prefix="/staff/plans/{plan_id}/invitations")
Reader = Annotated[Principal, Depends(permitted("invitations.read"))]


class InvitationRequest(BaseModel):
    """``prepayment`` invites who was drawn; ``principal`` whose car is due in the period, of one offering."""

    model_config = ConfigDict(extra="forbid")

    purpose: Literal["prepayment", "principal"]
    offering_id: UUID | None = None
    delivered_from: Day | None = None
    delivered_until: Day | None = None

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        start, end = self.delivered_from, self.delivered_until
        if start is not None and end is not None and end < start:
            raise wrong_value(
                "delivery_window", "بازه‌ی تحویل وارونه است.", "The delivery window is reversed."
            )
        return self


class Invitations(Deeds[InvitationRun, RunView, Literal["requested"]]):
    kind = "invitations"
    view = RunView

    def details(self, row: InvitationRun) -> Mapping[str, Any]:
        return {"run_id": row.id, "plan_id": row.plan_id, "purpose": row.purpose}

    async def show(self, session: AsyncSession, row: InvitationRun) -> RunView:
        return RunView.of(row)


Writing = Annotated[Invitations, Depends(Invitations.of("invitations.write"))]


@router.post("", status_code=202, summary="Invite the drawn, or ask for the rest before delivery")
async def issue_invitations(
    plan_id: UUID, form: InvitationRequest, write: Writing, key: IdempotencyKey = None
) -> RunView:
    async def start(session: AsyncSession) -> InvitationRun:
        plan = await find(session, plan_id)
        scope = Scope(plan.id, **form.model_dump())
        return await runs.start(session, scope, write.member.subject, write.context.clock())

    return await write.create("requested", form, key, start, of=plan_id)


@router.get("", summary="Follow the runs of invitations, newest first")
async def list_runs(plan_id: UUID, _: Reader, db: Db) -> RunList:
    async with db.transaction() as session:
        rows = await queries.runs_of_plan(session, plan_id)
    return RunList(items=[RunView.of(row) for row in rows])
