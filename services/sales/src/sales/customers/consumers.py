"""Keeps the customers up to date with identity."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from events.identity import CustomerRegistered
from sales.customers.tables import Customer


async def remember(session: AsyncSession, event: CustomerRegistered) -> None:
    """Writes what the event says unless something newer is known."""
    facts = {
        "national_code_index": event.national_code_index,
        "birth_date": event.birth_date,
        "province": event.province,
        "mobile_verified": event.mobile_verified,
        "version": event.version,
    }
    await session.execute(
        insert(Customer)
        .values(id=event.customer_id, **facts)
        .on_conflict_do_update(
            index_elements=[Customer.id], set_=facts, where=Customer.version < event.version
        )
    )
