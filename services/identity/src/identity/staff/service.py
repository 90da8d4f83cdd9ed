"""Making somebody a member of the staff."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from identity.context import Context
from identity.customers import queries
from identity.customers import service as customers
from identity.customers.domain import Profile
from identity.customers.tables import Customer
from identity.staff.announcing import announce
from identity.staff.domain import ROLES, StaffRole

log = get_logger(__name__)


async def appoint(
    session: AsyncSession,
    context: Context,
    profile: Profile,
    password_hash: str,
    roles: Collection[StaffRole],
) -> UUID:
    """The id of the person, who has a full account and exactly these roles afterwards.

    Whoever has an account keeps it, and the password. Raises ``ValueError`` for unknown roles.
    """
    if unknown := set(roles) - ROLES:
        raise ValueError(f"no such roles: {sorted(unknown)}")
    customer_id = await customers.create(session, context, profile, password_hash, roles)
    is_news = customer_id is not None
    if customer_id is None:
        account = await queries.account_of(session, context.vault.indexes_of(profile.national_code))
        assert account is not None
        customer_id = account.customer_id
        is_news = await _give(session, customer_id, roles)
    await _note_appointment(session, context, customer_id)
    if is_news:
        await announce(session, customer_id, "appointed", context.clock())
    log.info("identity.staff.appointed", customer_id=str(customer_id), roles=sorted(roles))
    return customer_id


async def _give(session: AsyncSession, customer_id: UUID, roles: Collection[StaffRole]) -> bool:
    """False when these are the roles already."""
    others = Customer.id == customer_id, Customer.roles != sorted(roles)
    given = update(Customer).where(*others).values(roles=sorted(roles), version=Customer.version + 1)
    return (await session.execute(given.returning(Customer.id))).first() is not None


async def _note_appointment(session: AsyncSession, context: Context, customer_id: UUID) -> None:
    """The first one counts: the time without an authenticator app does not begin again."""
    now = context.clock()
    first = update(Customer).where(Customer.id == customer_id, Customer.appointed_at.is_(None))
    due_at = now + context.staff_totp_after
    await session.execute(first.values(appointed_at=now, authenticator_due_at=due_at))
