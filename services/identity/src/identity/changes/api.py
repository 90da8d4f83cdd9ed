"""Editing one's account, and what became of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, TypeAdapter

from chassis.service import Db
from identity.changes import queries, service
from identity.changes.domain import Edit, Handling, State
from identity.changes.tables import REASON, VALUE, ProfileChange
from identity.client import ClientNetwork
from identity.context import Context, Ctx
from identity.sessions.current import REFUSED, LiveUser
from iran import Sheba

router = APIRouter(prefix="/me", tags=["account"])

IfMatch = Annotated[str | None, Header(alias="If-Match", pattern=r'^(W/)?"?[0-9]{1,9}"?$')]
STATE: TypeAdapter[State] = TypeAdapter(State)


class ChangeView(BaseModel):
    """``value`` is what was asked for, a Sheba masked; ``reason`` why it was refused."""

    change_id: UUID
    field: str
    value: Any
    state: State
    asked_at: datetime
    approvals: int
    approvals_needed: int
    decided_at: datetime | None
    reason: str | None


class Edited(BaseModel):
    """The fields that hold what was asked for, and those that wait for approval, with their changes."""

    version: int
    applied: list[str]
    pending: list[str]
    changes: list[ChangeView]


class Changes(BaseModel):
    items: list[ChangeView]


class FieldView(BaseModel):
    """``approvals`` is how many of the staff have to approve."""

    field: str
    handling: Handling
    approvals: int


class Fields(BaseModel):
    items: list[FieldView]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    404: {"description": "not_found"},
    409: {"description": "version_conflict"},
    422: {"description": "invalid_fields: each with its rule, field_locked for what cannot be changed"},
}
"""``If-Match`` carries the version that the caller has read."""


@router.patch("", summary="Edit my account", responses=PROBLEMS)
async def edit_me(
    body: Edit,
    user: LiveUser,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    response: Response,
    if_match: IfMatch = None,
) -> Edited:
    """Free fields change at once, others wait for approval; a new wish replaces the one before it."""
    version = int(if_match.removeprefix("W/").strip('"')) if if_match else None
    async with db.transaction() as session:
        edited = await service.edit(session, context, user.subject, body, version=version, client=client)
        counts = await queries.approvals_of(session, [change.id for change in edited.pending])
    response.headers["ETag"] = f'"{edited.version}"'
    return Edited(
        version=edited.version,
        applied=list(edited.applied),
        pending=[change.field for change in edited.pending],
        changes=[_view(change, counts, context) for change in edited.pending],
    )


@router.get("/fields", summary="Which fields can be changed, and how", responses=REFUSED)
async def read_fields(_: LiveUser, db: Db, context: Ctx) -> Fields:
    async with db.transaction() as session:
        policies = await queries.policies(session, context.clock())
    names = sorted(Edit.model_fields)
    return Fields(
        items=[
            FieldView(field=name, handling=policies[name].handling, approvals=policies[name].approvals)
            for name in names
        ]
    )


@router.get("/changes", summary="What I asked to change", responses=REFUSED)
async def read_changes(user: LiveUser, db: Db, context: Ctx) -> Changes:
    """The newest first."""
    async with db.transaction() as session:
        changes = await queries.changes_of(session, user.subject)
        counts = await queries.approvals_of(session, [change.id for change in changes])
    return Changes(items=[_view(change, counts, context) for change in changes])


@router.delete(
    "/changes/{change_id}",
    status_code=204,
    summary="Withdraw a change that is pending",
    responses={**REFUSED, 404: PROBLEMS[404], 409: {"description": "change_decided"}},
)
async def withdraw(change_id: UUID, user: LiveUser, db: Db, context: Ctx, client: ClientNetwork) -> None:
    async with db.transaction() as session:
        await service.withdraw(session, context, user.subject, change_id, client)


def _view(change: ProfileChange, approvals: dict[UUID, int], context: Context) -> ChangeView:
    return ChangeView(
        change_id=change.id,
        field=change.field,
        value=_shown(change.field, context.vault.open(change.value, VALUE)),
        state=STATE.validate_python(change.state),
        asked_at=change.asked_at,
        approvals=approvals.get(change.id, 0),
        approvals_needed=change.approvals_needed,
        decided_at=change.decided_at,
        reason=context.vault.open(change.reason, REASON) if change.reason else None,
    )


def _shown(field: str, value: Any) -> Any:
    return Sheba(value).masked if field == "iban" else value
