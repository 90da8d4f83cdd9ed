"""Telling the other services who works here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.identity import StaffChange, StaffMemberChanged
from identity.customers.tables import Customer


async def announce(session: AsyncSession, member_id: UUID, change: StaffChange, now: datetime) -> None:
    """Tells how it is with the member; whoever changed it has raised the version."""
    found = select(Customer.version, Customer.roles, Customer.dealership_id, Customer.disabled_at)
    member = (await session.execute(found.where(Customer.id == member_id))).one()
    told = StaffMemberChanged(
        version=member.version,
        customer_id=member_id,
        roles=sorted(member.roles),
        dealership_id=member.dealership_id,
        disabled=member.disabled_at is not None,
        change=change,
        at=now,
    )
    await outbox.record(session, told)
