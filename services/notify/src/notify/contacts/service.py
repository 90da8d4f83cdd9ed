"""Keeping the read model of contacts."""

from uuid import UUID

from sqlalchemy import Boolean, literal_column
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from iran import Mobile, PersonName
from notify.contacts.tables import FIRST_NAME, MOBILE, Contact


async def remember(
    session: AsyncSession,
    keyring: Keyring,
    customer_id: UUID,
    version: int,
    mobile: Mobile,
    first_name: PersonName,
) -> bool:
    """Keeps the contact unless a newer one is known; answers whether the person is new here."""
    known = insert(Contact).values(
        customer_id=customer_id,
        version=version,
        mobile=keyring.seal(mobile.encode(), MOBILE),
        first_name=keyring.seal(first_name.encode(), FIRST_NAME),
    )
    newer = known.on_conflict_do_update(
        index_elements=[Contact.customer_id],
        set_={name: known.excluded[name] for name in ("version", "mobile", "first_name")},
        where=Contact.version < known.excluded.version,
    )
    inserted = literal_column("(xmax = 0)", Boolean)
    return bool(await session.scalar(newer.returning(inserted)))
