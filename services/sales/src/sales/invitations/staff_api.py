"""Inviting many at once."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.invitations import queries, runs
from sales.invitations.runs import Scope
from sales.invitations.views import RunList, RunView
from sales.plans.queries import find

router = APIRouter(tags=["staff: invitations"], prefix="/staff/plans/{plan_id}/invitations")
Writer = Annotated[Principal, Depends(permitted("invitations.write"))]
Reader = Annotated[Principal, Depends(permitted("invitations.read"))]


class InvitationRequest(BaseModel):
    """``prepayment`` invites who was drawn; ``principal`` whose car is due in the period, of one offering."""

    model_config = ConfigDict(extra="forbid")

    purpose: Literal["prepayment", "principal"]
    offering_id: UUID | None = None
    delivered_from: date | None = None
    delivered_until: date | None = None

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        start, end = self.delivered_from, self.delivered_until
        if start is not None and end is not None and end < start:
            words = {"fa": "بازه‌ی تحویل وارونه است.", "en": "The delivery window is reversed."}
            raise PydanticCustomError("delivery_window", "The delivery window is reversed.", words)
        return self


@router.post("", status_code=202, summary="Invite the drawn, or ask for the rest before delivery")
async def issue_invitations(
    plan_id: UUID,
    command: InvitationRequest,
    writer: Writer,
    db: Db,
    ctx: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> RunView:
    async with db.transaction() as session:

        async def issue() -> RunView:
            plan, now = await find(session, plan_id), ctx.clock()
            run = await runs.start(session, Scope(plan.id, **command.model_dump()), writer.subject, now)
            entry = audit.Entry(
                action="sales.invitations.requested",
                actor=writer.subject,
                roles=writer.roles,
                client=client,
                details={"run_id": run.id, "plan_id": plan.id, "purpose": run.purpose},
            )
            await audit.record(session, entry, at=now)
            return RunView.of(run)

        return await once(session, key, f"{writer.subject} invite {plan_id}", command, RunView, issue)


@router.get("", summary="Follow the runs of invitations, newest first")
async def list_runs(plan_id: UUID, _: Reader, db: Db) -> RunList:
    async with db.transaction() as session:
        rows = await queries.runs_of_plan(session, plan_id)
    return RunList(items=[RunView.of(row) for row in rows])
