"""Changing who may do what. Whoever's roles change has to log in again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis import audit
from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.four_eyes import AlreadyDecided, decide_by_another
from chassis.logging import get_logger
from events.identity import StaffChange
from identity.context import Context
from identity.customers.tables import Customer
from identity.sessions import service as sessions
from identity.staff import queries
from identity.staff.announcing import announce
from identity.staff.domain import (
    ADMIN,
    DEALER,
    PROPOSAL_LIFETIME,
    Decision,
    LastAdmin,
    OwnRoles,
    StaffRole,
    checked_dealership,
    needs_four_eyes,
)
from identity.staff.tables import RoleChange

log = get_logger(__name__)


@dataclass(frozen=True)
class Actor:
    """The member of the staff who acts, and from where."""

    principal: Principal
    client: str

    @property
    def id(self) -> UUID:
        return self.principal.subject

    def entry(self, action: str, subject: UUID | None, **details: object) -> audit.Entry:
        return audit.Entry(
            action=action,
            actor=self.id,
            subject=subject,
            roles=self.principal.roles,
            client=self.client,
            details=details,
        )


async def change_roles(
    session: AsyncSession,
    context: Context,
    actor: Actor,
    member_id: UUID,
    roles: Collection[StaffRole],
    dealership_id: UUID | None,
) -> RoleChange | Customer:
    """The member with the new roles; where these make an admin, the proposal that another one confirms."""
    now = context.clock()
    _refuse_oneself(actor, member_id)
    checked_dealership(roles, dealership_id)
    member = await _held(session, member_id)
    if not needs_four_eyes(member.roles, roles):
        await set_roles(session, context, actor, member, roles, dealership_id)
        return member
    await _replace_earlier(session, actor, member_id, now)
    proposed = RoleChange(
        id=uuid7(),
        member_id=member_id,
        roles=sorted(roles),
        dealership_id=dealership_id,
        proposed_by=actor.id,
        proposed_at=now,
    )
    session.add(proposed)
    details = {"change_id": proposed.id, "roles": sorted(roles)}
    await audit.record(session, actor.entry("identity.staff.roles_proposed", member_id, **details), at=now)
    return proposed


async def _replace_earlier(session: AsyncSession, actor: Actor, member_id: UUID, now: datetime) -> None:
    earlier = update(RoleChange).where(RoleChange.member_id == member_id, RoleChange.decision.is_(None))
    await session.execute(earlier.values(decision="replaced", decided_by=actor.id, decided_at=now))


async def decide(
    session: AsyncSession, context: Context, actor: Actor, change_id: UUID, decision: Decision
) -> Customer:
    """Confirms or refuses a proposal; raises ``SamePerson`` unless two others are concerned."""
    now = context.clock()
    change = await session.scalar(select(RoleChange).where(RoleChange.id == change_id).with_for_update())
    if change is None or change.proposed_at <= now - PROPOSAL_LIFETIME:
        raise NotFound
    if decision == "confirmed":
        decide_by_another(actor.id, change.proposed_by, change.member_id)
    if change.decision is not None:
        raise AlreadyDecided
    change.decision, change.decided_by, change.decided_at = decision, actor.id, now
    member = await _held(session, change.member_id)
    details = {"change_id": change_id, "decision": decision, "proposed_by": change.proposed_by}
    await audit.record(session, actor.entry("identity.staff.roles_decided", member.id, **details), at=now)
    if decision == "confirmed":
        await set_roles(session, context, actor, member, change.roles, change.dealership_id)
    return member


async def bind(
    session: AsyncSession, context: Context, actor: Actor, member_id: UUID, dealership_id: UUID | None
) -> Customer:
    """Ties a dealer to a dealership, or to none."""
    _refuse_oneself(actor, member_id)
    member = await _held(session, member_id)
    checked_dealership(member.roles, dealership_id)
    await set_roles(session, context, actor, member, member.roles, dealership_id)
    return member


async def remove(session: AsyncSession, context: Context, actor: Actor, member_id: UUID) -> None:
    """From now on a buyer like any other."""
    _refuse_oneself(actor, member_id)
    await set_roles(session, context, actor, await _held(session, member_id), (), None)


async def set_roles(
    session: AsyncSession,
    context: Context,
    actor: Actor,
    member: Customer,
    roles: Collection[str],
    dealership_id: UUID | None,
) -> None:
    """Gives exactly these roles; the member is held, and has to log in again."""
    before, now = (sorted(member.roles), member.dealership_id), context.clock()
    able = ADMIN in member.roles and member.disabled_at is None
    if able and ADMIN not in roles and await queries.admins(session) == 1:
        raise LastAdmin
    member.roles = sorted(roles)
    member.dealership_id = dealership_id if DEALER in roles else None
    if not roles:
        member.appointed_at = member.authenticator_due_at = None
    member.version += 1
    await session.flush()
    await sessions.end_all(session, member.id, now, reason="roles_changed")
    if change := _change(before, (member.roles, member.dealership_id)):
        await announce(session, member.id, change, now)
    action = "identity.staff.roles_changed" if roles else "identity.staff.removed"
    details = {
        "from": before[0],
        "from_dealership": before[1],
        "to": member.roles,
        "to_dealership": member.dealership_id,
    }
    await audit.record(session, actor.entry(action, member.id, **details), at=now)
    log.info("identity.staff.changed", customer_id=str(member.id), roles=member.roles)


Post = tuple[list[str], UUID | None]
"""Roles, and the dealership."""


def _change(before: Post, after: Post) -> StaffChange | None:
    if before == after:
        return None
    if not after[0]:
        return "removed"
    return "dealership_changed" if before[0] == after[0] else "roles_changed"


async def join(
    session: AsyncSession,
    context: Context,
    customer_id: UUID,
    roles: Collection[str],
    dealership_id: UUID | None,
) -> None:
    """Makes the customer a member of the staff, who has to log in again."""
    now = context.clock()
    joining = update(Customer).where(Customer.id == customer_id)
    await session.execute(
        joining.values(
            roles=sorted(roles),
            dealership_id=dealership_id,
            appointed_at=now,
            authenticator_due_at=now + context.staff_totp_after,
            version=Customer.version + 1,
        )
    )
    await sessions.end_all(session, customer_id, now, reason="roles_changed")
    await announce(session, customer_id, "appointed", now)


def _refuse_oneself(actor: Actor, member_id: UUID) -> None:
    if actor.id == member_id:
        raise OwnRoles


async def _held(session: AsyncSession, member_id: UUID) -> Customer:
    """The member, and the right to count the admins, one transaction at a time."""
    await queries.in_turn(session)
    return await queries.held(session, member_id)
