"""Inviting, confirming and withdrawing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis import audit
from chassis.four_eyes import decide_by_another
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import NATIONAL_CODE, StaffInvited
from identity.context import Context
from identity.customers import queries as customers
from identity.staff.domain import checked_dealership
from identity.staff.members import Actor
from identity.staff_invitations import queries
from identity.staff_invitations.domain import (
    LIFETIME,
    AlreadyStaff,
    InvitationNotOpen,
    Invitee,
    code_mac,
    needs_confirmation,
    new_code,
    state_of,
)
from identity.staff_invitations.tables import StaffInvitation

log = get_logger(__name__)


async def invite(
    session: AsyncSession,
    context: Context,
    actor: Actor | None,
    invitee: Invitee,
    roles: Collection[str],
    dealership_id: UUID | None,
) -> StaffInvitation:
    """Sends the code, unless a second admin has to confirm; an earlier invitation of the person is over.

    Without an ``actor`` it is the operator of the system who invites.
    """
    now = context.clock()
    checked_dealership(roles, dealership_id)
    key, indexes = context.vault.index_key, context.vault.indexes_of(invitee.national_code)
    account = await customers.account_of(session, indexes)
    if account is not None and account.roles:
        raise AlreadyStaff
    await _withdraw_earlier(session, indexes, now)
    invitation = StaffInvitation(
        id=uuid7(),
        national_code_index=key.of(invitee.national_code, NATIONAL_CODE),
        index_generation=key.generation,
        person=context.vault.seal(invitee.model_dump(mode="json"), queries.PERSON),
        roles=sorted(roles),
        dealership_id=dealership_id,
        invited_by=actor.id if actor else None,
        invited_at=now,
        tries=0,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    await session.flush()
    await _note(session, actor, "identity.staff.invited", invitation, now)
    if not needs_confirmation(invitation):
        await _send(session, context, invitation, now)
    return invitation


async def _withdraw_earlier(session: AsyncSession, indexes: Sequence[str], now: datetime) -> None:
    earlier = update(StaffInvitation).where(
        StaffInvitation.national_code_index.in_(indexes),
        StaffInvitation.accepted_at.is_(None),
        StaffInvitation.withdrawn_at.is_(None),
    )
    await session.execute(earlier.values(withdrawn_at=now))


async def confirm(
    session: AsyncSession, context: Context, actor: Actor, invitation_id: UUID
) -> StaffInvitation:
    """The second admin's word; the code is sent now. Raises ``SamePerson`` for who invited."""
    now = context.clock()
    invitation = await queries.held(session, invitation_id)
    decide_by_another(actor.id, invitation.invited_by)
    if state_of(invitation, now) != "awaiting_confirmation":
        raise InvitationNotOpen
    invitation.confirmed_by = actor.id
    await _send(session, context, invitation, now)
    await _note(session, actor, "identity.staff.invitation_confirmed", invitation, now)
    return invitation


async def withdraw(session: AsyncSession, context: Context, actor: Actor, invitation_id: UUID) -> None:
    now = context.clock()
    invitation = await queries.held(session, invitation_id)
    if state_of(invitation, now) not in {"awaiting_confirmation", "sent"}:
        raise InvitationNotOpen
    invitation.withdrawn_at = now
    await _note(session, actor, "identity.staff.invitation_withdrawn", invitation, now)


async def _send(session: AsyncSession, context: Context, invitation: StaffInvitation, now: datetime) -> None:
    code = new_code()
    invitation.code_mac = code_mac(context.vault, invitation.id, code)
    invitation.expires_at = now + LIFETIME
    invitee = queries.invitee(invitation, context.vault)
    delivery = {"mobile": str(invitee.mobile), "first_name": invitee.first_name, "code": str(code)}
    event = StaffInvited(
        version=1,
        invitation_id=invitation.id,
        expires_at=invitation.expires_at,
        delivery=context.vault.seal_for_event(delivery, f"{StaffInvited.name}.delivery"),
    )
    await outbox.record(session, event, expires_at=invitation.expires_at)


async def _note(
    session: AsyncSession, actor: Actor | None, action: str, invitation: StaffInvitation, now: datetime
) -> None:
    details = {
        "invitation_id": invitation.id,
        "roles": invitation.roles,
        "dealership_id": invitation.dealership_id,
    }
    entry = actor.entry(action, None, **details) if actor else audit.Entry(action=action, details=details)
    await audit.record(session, entry, at=now)
    state = state_of(invitation, now)
    log.info("identity.staff.invitation", invitation_id=str(invitation.id), state=state)
