"""How each field of an account changes: read by the staff, decided by an admin."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.service import Db
from identity.changes import queries as changes
from identity.changes.domain import Edit, Handling
from identity.client import ClientNetwork
from identity.context import Context, Ctx
from identity.field_policies import queries, service
from identity.field_policies.domain import LEAST_APPROVALS, MOST_APPROVALS
from identity.sessions.current import REFUSED
from identity.staff.access import permitted

router = APIRouter(prefix="/staff/field-policies", tags=["staff: field policies"])
Reader = Annotated[Principal, Depends(permitted("field_policies.read"))]
Writer = Annotated[Principal, Depends(permitted("field_policies.write"))]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    404: {"description": "no such field"},
    422: {"description": "invalid_fields: always_locked, never_free, too_few_approvals, approvals_needless"},
}


class PolicyForm(BaseModel):
    """``approvals`` by so many different members of the staff, 0 unless the field needs approval."""

    model_config = ConfigDict(extra="forbid")

    handling: Handling
    approvals: Annotated[int, Field(ge=0, le=MOST_APPROVALS)] = 0


class PolicyView(PolicyForm):
    """``least_approvals`` is null for a field that may be free; ``inquiries`` are asked once it has changed;
    ``valid_from`` is null for what was never decided."""

    field: str
    least_approvals: int | None
    inquiries: list[str]
    valid_from: datetime | None


class Policies(BaseModel):
    items: list[PolicyView]


@router.get("", summary="How the fields of an account change", responses=REFUSED)
async def list_policies(_: Reader, db: Db, context: Ctx) -> Policies:
    async with db.transaction() as session:
        return Policies(items=await _views(session, context))


@router.put("/{field}", summary="Decide how a field changes, from now on", responses=PROBLEMS)
async def decide_policy(
    field: str, body: PolicyForm, admin: Writer, db: Db, context: Ctx, client: ClientNetwork
) -> PolicyView:
    """Changes that wait already keep the number of approvals that they were asked for under."""
    async with db.transaction() as session:
        await service.decide(session, context, admin, client, field, body.handling, body.approvals)
        return next(one for one in await _views(session, context) if one.field == field)


async def _views(session: AsyncSession, context: Context) -> list[PolicyView]:
    now = context.clock()
    policies, since = await changes.policies(session, now), await queries.beginnings(session, now)
    return [
        PolicyView(
            field=name,
            handling=policies[name].handling,
            approvals=policies[name].approvals,
            least_approvals=LEAST_APPROVALS.get(name),
            inquiries=list(policies[name].inquiries),
            valid_from=since.get(name),
        )
        for name in Edit.model_fields
    ]
