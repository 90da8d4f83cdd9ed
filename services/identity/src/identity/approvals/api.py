"""The staff's queue of changes that people asked for."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from identity.approvals import queries, service
from identity.approvals.queries import Waiting
from identity.changes.domain import State
from identity.changes.tables import VALUE, ProfileChange
from identity.client import ClientNetwork
from identity.context import Context, Ctx
from identity.customers.domain import Profile
from identity.customers.sealing import opened
from identity.inquiries import queries as inquiries
from identity.marking import mark_of
from iran import NationalCode, normalise

router = APIRouter(prefix="/staff/approvals", tags=["staff: approvals"])

NATIONAL_CODE = "customers.national_code"
PAGE = 50

Reader = Annotated[Principal, Depends(permitted("approvals.read"))]
Decider = Annotated[Principal, Depends(permitted("approvals.decide"))]
Reason = Annotated[
    str,
    Field(min_length=3, max_length=200),
    BeforeValidator(lambda text: normalise(text) if isinstance(text, str) else text),
]


class WaitingView(BaseModel):
    """A change that waits; whose it is, is masked, and what it is about is not said."""

    change_id: UUID
    national_code: str
    field: str
    asked_at: datetime
    approvals: int
    approvals_needed: int
    approved_by_me: bool


class Page(BaseModel):
    items: list[WaitingView]
    next_cursor: str | None


class ApprovalView(BaseModel):
    staff_id: UUID
    approved_at: datetime


class InquiryResult(BaseModel):
    """``result`` is null while there is no answer about the present data."""

    kind: str
    result: str | None
    concluded_at: datetime | None


class ChangeView(BaseModel):
    """``old`` is what the account says now, ``new`` what the person asked for."""

    change_id: UUID
    customer_id: UUID
    national_code: str
    first_name: str
    last_name: str
    field: str
    old: Any
    new: Any
    state: State
    asked_at: datetime
    decided_at: datetime | None
    approvals: list[ApprovalView]
    approvals_needed: int
    inquiries: list[InquiryResult]


class Decided(BaseModel):
    change_id: UUID
    state: State
    approvals: int
    approvals_needed: int


class Approval(BaseModel):
    """What idempotency compares: an approval says nothing but that it is one."""

    change_id: UUID


class Refusal(BaseModel):
    """``reason`` is told to the person."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: Reason


READING: dict[int | str, dict[str, Any]] = {
    401: {"description": "unauthenticated"},
    403: {"description": "forbidden"},
}
DECIDING: dict[int | str, dict[str, Any]] = {
    **READING,
    403: {"description": "forbidden, own_change, four_eyes"},
    404: {"description": "not_found"},
    409: {"description": "change_decided"},
}


@router.get("", summary="The changes that wait", responses=READING)
async def read_queue(
    staff: Reader,
    db: Db,
    context: Ctx,
    cursor: UUID | None = None,
    field: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> Page:
    """The oldest first."""
    async with db.transaction() as session:
        rows = await queries.waiting(session, staff.subject, field, cursor, limit + 1)
    items = [_waiting(row, context) for row in rows[:limit]]
    return Page(items=items, next_cursor=str(items[-1].change_id) if len(rows) > limit else None)


@router.get("/{change_id}", summary="A change with its old and new value", responses=DECIDING)
async def read_change(
    change_id: UUID, staff: Reader, db: Db, context: Ctx, client: ClientNetwork
) -> ChangeView:
    """Every look is written down."""
    async with db.transaction() as session:
        customer, change = await service.view(session, context, staff, change_id, client)
        approvals = await queries.approvals(session, change_id)
        known = await inquiries.latest(session, customer.id)
    profile = opened(customer, context.vault)
    return ChangeView(
        **_said(change, profile, context),
        approvals=[ApprovalView(staff_id=one.staff_id, approved_at=one.approved_at) for one in approvals],
        inquiries=[
            InquiryResult(kind=one.kind, result=one.result, concluded_at=one.concluded_at) for one in known
        ],
    )


@router.post("/{change_id}/approval", summary="Approve a change", responses=DECIDING)
async def approve(
    change_id: UUID,
    staff: Decider,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> Decided:
    """It counts when as many different members of the staff have approved as its field needs."""
    async with db.transaction() as session:

        async def action() -> Decided:
            return await _decided(session, await service.approve(session, context, staff, change_id, client))

        scope = f"approvals.approval:{staff.subject}:{change_id}"
        return await once(session, key, scope, Approval(change_id=change_id), Decided, action)


@router.post("/{change_id}/refusal", summary="Refuse a change", responses=DECIDING)
async def refuse(
    change_id: UUID,
    body: Refusal,
    staff: Decider,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> Decided:
    """The reason is told to the person by SMS."""
    async with db.transaction() as session:

        async def action() -> Decided:
            change = await service.refuse(session, context, staff, change_id, body.reason, client)
            return await _decided(session, change)

        scope = f"approvals.refusal:{staff.subject}:{change_id}"
        return await once(session, key, scope, mark_of(context.vault, body), Decided, action)


async def _decided(session: AsyncSession, change: ProfileChange) -> Decided:
    approvals = await queries.approvals(session, change.id)
    return Decided.model_validate(
        {
            "change_id": change.id,
            "state": change.state,
            "approvals": len(approvals),
            "approvals_needed": change.approvals_needed,
        }
    )


def _waiting(row: Waiting, context: Context) -> WaitingView:
    return WaitingView(
        change_id=row.change.id,
        national_code=NationalCode(context.vault.open(row.national_code, NATIONAL_CODE)).masked,
        field=row.change.field,
        asked_at=row.change.asked_at,
        approvals=row.approvals,
        approvals_needed=row.change.approvals_needed,
        approved_by_me=row.approved_by_me,
    )


def _said(change: ProfileChange, profile: Profile, context: Context) -> dict[str, Any]:
    return {
        "change_id": change.id,
        "customer_id": change.customer_id,
        "national_code": profile.national_code.masked,
        "first_name": str(profile.first_name),
        "last_name": str(profile.last_name),
        "field": change.field,
        "old": profile.model_dump(mode="json")[change.field],
        "new": context.vault.open(change.value, VALUE),
        "state": change.state,
        "asked_at": change.asked_at,
        "decided_at": change.decided_at,
        "approvals_needed": change.approvals_needed,
    }
