"""Accepting an invitation, with its code and a password: a new account, or the one that is there.

Every try counts before anything is compared. The invitation is used up by the statement that notes its
acceptance, in the transaction that gives the roles.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from identity.challenges.domain import CodeUsed, CodeWrong, TooManyAttempts
from identity.context import Context
from identity.customers import queries as customers
from identity.customers import service as accounts
from identity.customers.domain import Profile
from identity.customers.queries import Account
from identity.logins.domain import WrongCredentials
from identity.staff import members
from identity.staff_invitations import queries
from identity.staff_invitations.domain import (
    TRIES,
    InvitationCode,
    InvitationOver,
    Particulars,
    ParticularsNeeded,
    fits,
    state_of,
)
from identity.staff_invitations.tables import StaffInvitation
from iran import NationalCode

log = get_logger(__name__)


@dataclass(frozen=True)
class Acceptance:
    """What somebody gives who accepts; ``particulars`` make an account where there is none."""

    code: InvitationCode
    national_code: NationalCode
    password: str
    particulars: Particulars | None


@dataclass(frozen=True)
class Attempt:
    """A counted try: the invitation and the account of the person, or why nothing is compared."""

    target: StaffInvitation | Problem
    account: Account | None = None


@dataclass(frozen=True)
class Proved:
    """Both secrets were right; ``password_hash`` is that of a new account."""

    invitation_id: UUID
    account: Account | None
    password_hash: str | None


async def attempt(session: AsyncSession, context: Context, invitation_id: UUID, given: Acceptance) -> Attempt:
    now = context.clock()
    counted = (
        update(StaffInvitation)
        .where(
            StaffInvitation.id == invitation_id,
            StaffInvitation.code_mac.is_not(None),
            StaffInvitation.accepted_at.is_(None),
            StaffInvitation.withdrawn_at.is_(None),
            StaffInvitation.expires_at > now,
            StaffInvitation.tries < TRIES,
        )
        .values(tries=StaffInvitation.tries + 1)
        .returning(StaffInvitation)
    )
    invitation = await session.scalar(counted)
    if invitation is None:
        return Attempt(await _refusal(session, invitation_id, now))
    return Attempt(
        invitation, await customers.account_of(session, context.vault.indexes_of(given.national_code))
    )


async def _refusal(session: AsyncSession, invitation_id: UUID, now: datetime) -> Problem:
    found = await session.scalar(select(StaffInvitation).where(StaffInvitation.id == invitation_id))
    if found is None or state_of(found, now) == "awaiting_confirmation":
        return NotFound()
    if found.accepted_at is not None:
        return CodeUsed()
    return TooManyAttempts() if state_of(found, now) == "sent" else InvitationOver()


async def judge(context: Context, tried: Attempt, given: Acceptance) -> Proved | ParticularsNeeded:
    """Raises the refusal; what is merely missing is an answer, so that it costs no try."""
    invitation, account = tried.target, tried.account
    if isinstance(invitation, Problem):
        raise invitation
    if not fits(context.vault, invitation, given.code, given.national_code):
        raise CodeWrong(TRIES - invitation.tries)
    if account is not None:
        if not await context.hashing.matches(account.password_hash, given.password):
            raise WrongCredentials
        return Proved(invitation.id, account, None)
    if given.particulars is None:
        return ParticularsNeeded()
    return Proved(invitation.id, None, await context.hashing.hash(given.password))


async def give_back_try(session: AsyncSession, invitation_id: UUID) -> None:
    counted = update(StaffInvitation).where(StaffInvitation.id == invitation_id, StaffInvitation.tries > 0)
    await session.execute(counted.values(tries=StaffInvitation.tries - 1))


async def accept(
    session: AsyncSession, context: Context, proved: Proved, given: Acceptance, client: str
) -> tuple[UUID, list[str]]:
    """The id and roles of the new member; raises ``CodeUsed`` when another request was faster."""
    now = context.clock()
    invitation = await queries.held(session, proved.invitation_id)
    if state_of(invitation, now) != "sent":
        raise CodeUsed if invitation.accepted_at is not None else InvitationOver
    customer_id = await _account(session, context, invitation, proved, given)
    await members.join(session, context, customer_id, invitation.roles, invitation.dealership_id)
    invitation.accepted_by, invitation.accepted_at = customer_id, now
    details = {"invitation_id": invitation.id, "roles": invitation.roles, "invited_by": invitation.invited_by}
    entry = audit.Entry(
        action="identity.staff.joined", actor=customer_id, subject=customer_id, client=client, details=details
    )
    await audit.record(session, entry, at=now)
    log.info("identity.staff.joined", customer_id=str(customer_id), roles=invitation.roles)
    return customer_id, invitation.roles


async def _account(
    session: AsyncSession,
    context: Context,
    invitation: StaffInvitation,
    proved: Proved,
    given: Acceptance,
) -> UUID:
    if proved.account is not None:
        return proved.account.customer_id
    assert given.particulars is not None
    assert proved.password_hash is not None
    invitee = queries.invitee(invitation, context.vault)
    profile = Profile.model_validate({**invitee.model_dump(), **given.particulars.model_dump()})
    customer_id = await accounts.create(session, context, profile, proved.password_hash)
    if customer_id is None:
        raise WrongCredentials
    return customer_id
