"""The names of buyers, sealed: a contract names the person who has it."""

from functools import partial
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.crypto import Keyring
from chassis.messaging import Subscription
from events.identity import CustomerChanged, CustomerRegistered
from sales.context import Context
from sales.schema import Base

NAME = "buyers.name"


class Buyer(Base):
    """``name`` is sealed; ``version`` is the customer's."""

    __tablename__ = "buyers"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int]


def subscription(event_keyring: Keyring, context: Context) -> Subscription:
    hear = partial(remember, event_keyring=event_keyring, context=context)
    return Subscription("sales.buyers", {CustomerRegistered: hear, CustomerChanged: hear})


async def remember(
    session: AsyncSession,
    event: CustomerRegistered | CustomerChanged,
    *,
    event_keyring: Keyring,
    context: Context,
) -> None:
    """Keeps the newest name, and nothing else of the contact."""
    contact = event_keyring.open_object(event.contact, f"{event.name}.contact")
    facts = {
        "name": context.seal(f"{contact['first_name']} {contact['last_name']}", NAME),
        "version": event.version,
    }
    await session.execute(
        insert(Buyer)
        .values(customer_id=event.customer_id, **facts)
        .on_conflict_do_update(
            index_elements=[Buyer.customer_id], set_=facts, where=Buyer.version < event.version
        )
    )


async def name_of(session: AsyncSession, context: Context, customer_id: UUID) -> str | None:
    """None when identity's event is still to come."""
    buyer = await session.get(Buyer, customer_id)
    return context.open(buyer.name, NAME) if buyer is not None else None
