"""Reading the staff."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import any_, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from identity.customers.tables import Customer
from identity.staff.domain import ADMIN, PROPOSAL_LIFETIME
from identity.staff.tables import RoleChange

PAGE = 50
ADMINS_LOCK = 7_031_928

_IS_MEMBER = text("customers.roles <> '{}'")
"""In the words of the index ``ix_customers_staff``."""


async def members(session: AsyncSession, after: UUID | None) -> Sequence[Customer]:
    """A page of the staff, the longest registered first."""
    found = select(Customer).where(_IS_MEMBER).order_by(Customer.id).limit(PAGE)
    return (await session.scalars(found.where(Customer.id > after) if after else found)).all()


async def member(session: AsyncSession, member_id: UUID) -> Customer:
    """Raises ``NotFound`` for who is not of the staff."""
    found = await session.scalar(select(Customer).where(Customer.id == member_id, _IS_MEMBER))
    if found is None:
        raise NotFound
    return found


async def held(session: AsyncSession, member_id: UUID) -> Customer:
    """The member, whom nobody else changes until the transaction ends; raises ``NotFound``."""
    locked = select(Customer).where(Customer.id == member_id, _IS_MEMBER)
    found = await session.scalar(locked.with_for_update(), execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


async def admins(session: AsyncSession) -> int:
    """How many can act as admins: a disabled one cannot."""
    counted = select(func.count()).select_from(Customer)
    able = _IS_MEMBER, any_(Customer.roles) == ADMIN, Customer.disabled_at.is_(None)
    return (await session.execute(counted.where(*able))).scalar_one()


async def in_turn(session: AsyncSession) -> None:
    """Whoever may take an admin away does so one transaction at a time, so that ``admins`` holds until its
    end."""
    await session.execute(select(func.pg_advisory_xact_lock(ADMINS_LOCK)))


async def open_changes(session: AsyncSession, now: datetime) -> Sequence[RoleChange]:
    waiting = select(RoleChange).where(
        RoleChange.decision.is_(None), RoleChange.proposed_at > now - PROPOSAL_LIFETIME
    )
    return (await session.scalars(waiting.order_by(RoleChange.id))).all()
