"""Keeps up with identity who has which national code's index."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from events.identity import CustomerChanged, CustomerRegistered, CustomerReindexed
from payment.blocked.tables import Person


async def note_person(
    session: AsyncSession, event: CustomerRegistered | CustomerChanged | CustomerReindexed
) -> None:
    """A national code never changes, so the index of the newest key counts, in whatever order events come."""
    facts = {
        "national_code_index": event.national_code_index,
        "index_generation": event.index_generation,
    }
    await session.execute(
        insert(Person)
        .values(customer_id=event.customer_id, **facts)
        .on_conflict_do_update(
            index_elements=[Person.customer_id],
            set_=facts,
            where=Person.index_generation < event.index_generation,
        )
    )
