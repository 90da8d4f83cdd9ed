"""Reading invitations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from identity.staff_invitations.domain import Invitee
from identity.staff_invitations.tables import StaffInvitation
from identity.vault import Vault

PAGE = 50
PERSON = "staff_invitations.person"


async def page(session: AsyncSession, before: UUID | None) -> Sequence[StaffInvitation]:
    """The newest first."""
    found = select(StaffInvitation).order_by(StaffInvitation.id.desc()).limit(PAGE)
    return (await session.scalars(found.where(StaffInvitation.id < before) if before else found)).all()


async def held(session: AsyncSession, invitation_id: UUID) -> StaffInvitation:
    """The invitation, which nobody else changes until the transaction ends; raises ``NotFound``."""
    found = select(StaffInvitation).where(StaffInvitation.id == invitation_id).with_for_update()
    invitation = await session.scalar(found, execution_options={"populate_existing": True})
    if invitation is None:
        raise NotFound
    return invitation


def invitee(invitation: StaffInvitation, vault: Vault) -> Invitee:
    return Invitee.model_validate(vault.open(invitation.person, PERSON))
