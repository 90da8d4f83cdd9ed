"""The staff: who works here, with which roles, at which dealership."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from chassis import audit
from chassis.auth import Principal
from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.sessions.current import REFUSED
from identity.staff import members, queries
from identity.staff.access import permitted
from identity.staff.domain import StaffRole
from identity.staff.members import Actor
from identity.staff.tables import RoleChange
from identity.vault import Vault

router = APIRouter(prefix="/staff/members", tags=["staff: members"])
Reader = Annotated[Principal, Depends(permitted("members.read"))]
Writer = Annotated[Principal, Depends(permitted("members.write"))]
Confirmer = Annotated[Principal, Depends(permitted("members.confirm"))]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    403: {"description": "forbidden, own_roles, same_person"},
    404: {"description": "no such member of the staff"},
    409: {"description": "last_admin, already_decided"},
    422: {"description": "invalid_fields, dealership_without_dealer"},
}


class Member(BaseModel):
    """``mobile`` is masked."""

    member_id: UUID
    first_name: str
    last_name: str
    mobile: str
    roles: list[str]
    dealership_id: UUID | None
    appointed_at: datetime | None

    @classmethod
    def of(cls, customer: Customer, vault: Vault) -> Self:
        profile = opened(customer, vault)
        return cls(
            member_id=customer.id,
            first_name=profile.first_name,
            last_name=profile.last_name,
            mobile=profile.mobile.masked,
            roles=customer.roles,
            dealership_id=customer.dealership_id,
            appointed_at=customer.appointed_at,
        )


class MemberPage(BaseModel):
    items: list[Member]
    next_cursor: UUID | None


class Roles(BaseModel):
    """All roles of a member from now on; ``dealership_id`` is for dealers."""

    model_config = ConfigDict(extra="forbid")

    roles: Annotated[set[StaffRole], Field(min_length=1)]
    dealership_id: UUID | None = None


class Binding(BaseModel):
    model_config = ConfigDict(extra="forbid")

    dealership_id: UUID | None


class ProposedRoles(BaseModel):
    """Roles that another admin has to confirm."""

    change_id: UUID
    member_id: UUID
    roles: list[str]
    dealership_id: UUID | None
    proposed_by: UUID
    proposed_at: datetime

    @classmethod
    def of(cls, change: RoleChange) -> Self:
        return cls(
            change_id=change.id, **{name: getattr(change, name) for name in list(cls.model_fields)[1:]}
        )


class ProposedRolesList(BaseModel):
    items: list[ProposedRoles]


@router.get("/role-changes", summary="Roles that wait for a second admin", responses=REFUSED)
async def list_changes(_: Reader, db: Db, context: Ctx) -> ProposedRolesList:
    async with db.transaction() as session:
        waiting = await queries.open_changes(session, context.clock())
    return ProposedRolesList(items=[ProposedRoles.of(change) for change in waiting])


@router.post("/role-changes/{change_id}/confirmation", summary="Confirm roles", responses=PROBLEMS)
async def confirm_change(
    change_id: UUID, admin: Confirmer, db: Db, context: Ctx, client: ClientNetwork
) -> Member:
    """Neither who proposed them nor who gets them can do it."""
    async with db.transaction() as session:
        member = await members.decide(session, context, Actor(admin, client), change_id, "confirmed")
        return Member.of(member, context.vault)


@router.post("/role-changes/{change_id}/refusal", status_code=204, summary="Refuse roles", responses=PROBLEMS)
async def refuse_change(
    change_id: UUID, admin: Confirmer, db: Db, context: Ctx, client: ClientNetwork
) -> None:
    async with db.transaction() as session:
        await members.decide(session, context, Actor(admin, client), change_id, "refused")


@router.get("", summary="The staff", responses=REFUSED)
async def list_members(
    reader: Reader,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    cursor: Annotated[UUID | None, Query()] = None,
) -> MemberPage:
    async with db.transaction() as session:
        found = await queries.members(session, cursor)
        listed = Actor(reader, client).entry("identity.staff.listed", None)
        await audit.record(session, listed, at=context.clock())
    following = found[-1].id if len(found) == queries.PAGE else None
    return MemberPage(items=[Member.of(member, context.vault) for member in found], next_cursor=following)


@router.get("/{member_id}", summary="A member of the staff", responses=PROBLEMS)
async def show_member(member_id: UUID, reader: Reader, db: Db, context: Ctx, client: ClientNetwork) -> Member:
    async with db.transaction() as session:
        member = await queries.member(session, member_id)
        viewed = Actor(reader, client).entry("identity.staff.viewed", member_id)
        await audit.record(session, viewed, at=context.clock())
        return Member.of(member, context.vault)


@router.put(
    "/{member_id}/roles",
    summary="Change roles",
    response_model=Member,
    responses={**PROBLEMS, 202: {"model": ProposedRoles, "description": "another admin has to confirm"}},
)
async def change_roles(
    member_id: UUID, body: Roles, admin: Writer, db: Db, context: Ctx, client: ClientNetwork
) -> Member | JSONResponse:
    """The member has to log in again. Making an admin waits for a second one."""
    async with db.transaction() as session:
        changed = await members.change_roles(
            session, context, Actor(admin, client), member_id, body.roles, body.dealership_id
        )
        if isinstance(changed, Customer):
            return Member.of(changed, context.vault)
        return JSONResponse(ProposedRoles.of(changed).model_dump(mode="json"), status_code=202)


@router.put("/{member_id}/dealership", summary="Bind a dealer to a dealership", responses=PROBLEMS)
async def bind_dealer(
    member_id: UUID, body: Binding, admin: Writer, db: Db, context: Ctx, client: ClientNetwork
) -> Member:
    async with db.transaction() as session:
        actor = Actor(admin, client)
        bound = await members.bind(session, context, actor, member_id, body.dealership_id)
        return Member.of(bound, context.vault)


@router.delete("/{member_id}", status_code=204, summary="Remove from the staff", responses=PROBLEMS)
async def remove_member(member_id: UUID, admin: Writer, db: Db, context: Ctx, client: ClientNetwork) -> None:
    """The account stays, as a buyer's; all its sessions end."""
    async with db.transaction() as session:
        await members.remove(session, context, Actor(admin, client), member_id)
