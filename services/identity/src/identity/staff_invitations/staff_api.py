"""Invitations to the staff, as admins see them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from chassis.auth import Principal
from chassis.idempotency import IdempotencyKey, once
from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Context, Ctx
from identity.sessions.current import REFUSED
from identity.staff.access import permitted
from identity.staff.domain import StaffRole
from identity.staff.members import Actor
from identity.staff_invitations import queries, service
from identity.staff_invitations.domain import Invitee, State, state_of
from identity.staff_invitations.tables import StaffInvitation

router = APIRouter(prefix="/staff/members/invitations", tags=["staff: members"])
Reader = Annotated[Principal, Depends(permitted("members.read"))]
Writer = Annotated[Principal, Depends(permitted("members.write"))]
Confirmer = Annotated[Principal, Depends(permitted("members.confirm"))]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    403: {"description": "forbidden, same_person"},
    404: {"description": "no such invitation"},
    409: {"description": "already_staff, invitation_not_open"},
    422: {"description": "invalid_fields, dealership_without_dealer"},
}


class NewInvitation(Invitee):
    """``dealership_id`` is for a dealer."""

    roles: Annotated[set[StaffRole], Field(min_length=1)]
    dealership_id: UUID | None = None

    @property
    def invitee(self) -> Invitee:
        return Invitee.model_validate(self.model_dump(exclude={"roles", "dealership_id"}))


class InvitationView(BaseModel):
    """``mobile`` is masked. Who becomes an admin is confirmed by a second one before the code is sent."""

    invitation_id: UUID
    state: State
    first_name: str
    last_name: str
    mobile: str
    roles: list[str]
    dealership_id: UUID | None
    invited_by: UUID | None
    invited_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, invitation: StaffInvitation, context: Context) -> Self:
        invitee = queries.invitee(invitation, context.vault)
        return cls(
            invitation_id=invitation.id,
            state=state_of(invitation, context.clock()),
            first_name=invitee.first_name,
            last_name=invitee.last_name,
            mobile=invitee.mobile.masked,
            roles=invitation.roles,
            dealership_id=invitation.dealership_id,
            invited_by=invitation.invited_by,
            invited_at=invitation.invited_at,
            expires_at=invitation.expires_at,
        )


class InvitationPage(BaseModel):
    items: list[InvitationView]
    next_cursor: UUID | None


class Mark(BaseModel):
    """What idempotency compares instead of a request that holds personal data."""

    digest: str


@router.post("", status_code=201, summary="Invite to the staff", responses=PROBLEMS)
async def invite(
    body: NewInvitation,
    admin: Writer,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> InvitationView:
    """A code goes to the mobile and is good for 72 hours; the link in the message does not hold it."""
    async with db.transaction() as session:

        async def action() -> InvitationView:
            actor = Actor(admin, client)
            invitation = await service.invite(
                session, context, actor, body.invitee, body.roles, body.dealership_id
            )
            return InvitationView.of(invitation, context)

        ordered = body.model_copy(update={"roles": sorted(body.roles)})
        mark = Mark(digest=context.vault.index_of_request(ordered.model_dump_json(warnings=False)))
        scope = f"{admin.subject} invite"
        return await once(session, key, scope, mark, InvitationView, action)


@router.get("", summary="Invitations to the staff, newest first", responses=REFUSED)
async def list_invitations(
    _: Reader, db: Db, context: Ctx, cursor: Annotated[UUID | None, Query()] = None
) -> InvitationPage:
    async with db.transaction() as session:
        found = await queries.page(session, cursor)
    following = found[-1].id if len(found) == queries.PAGE else None
    return InvitationPage(items=[InvitationView.of(one, context) for one in found], next_cursor=following)


@router.post("/{invitation_id}/confirmation", summary="Confirm an invitation", responses=PROBLEMS)
async def confirm(
    invitation_id: UUID, admin: Confirmer, db: Db, context: Ctx, client: ClientNetwork
) -> InvitationView:
    """By another admin than who invited."""
    async with db.transaction() as session:
        confirmed = await service.confirm(session, context, Actor(admin, client), invitation_id)
        return InvitationView.of(confirmed, context)


@router.delete("/{invitation_id}", status_code=204, summary="Withdraw an invitation", responses=PROBLEMS)
async def withdraw(invitation_id: UUID, admin: Writer, db: Db, context: Ctx, client: ClientNetwork) -> None:
    async with db.transaction() as session:
        await service.withdraw(session, context, Actor(admin, client), invitation_id)
