"""Who is on call for the complaints of a section: a mobile, sealed, that hears their warnings."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.logging import get_logger
from iran import Mobile
from sales.context import Context
from sales.voice.domain import Section
from sales.voice.tables import CONTACT, ComplaintContact

log = get_logger(__name__)


async def every(session: AsyncSession) -> Sequence[ComplaintContact]:
    return (await session.scalars(select(ComplaintContact).order_by(ComplaintContact.section))).all()


async def put(
    session: AsyncSession, context: Context, section: Section, mobile: Mobile, by: UUID
) -> ComplaintContact:
    """In the place of whoever was on call."""
    facts = {"mobile": context.seal(mobile, CONTACT), "updated_by": by, "updated_at": context.clock()}
    statement = insert(ComplaintContact).values(section=section, **facts)
    await session.execute(
        statement.on_conflict_do_update(index_elements=[ComplaintContact.section], set_=facts)
    )
    log.info("sales.complaint_contact.put", section=section)
    return await session.get_one(ComplaintContact, section, populate_existing=True)


async def remove(session: AsyncSession, section: Section) -> ComplaintContact:
    """From now on nobody hears. Raises ``NotFound``."""
    contact = await session.get(ComplaintContact, section)
    if contact is None:
        raise NotFound
    await session.delete(contact)
    log.info("sales.complaint_contact.removed", section=section)
    return contact


async def mobile_of(session: AsyncSession, context: Context, section: str) -> str | None:
    contact = await session.get(ComplaintContact, section)
    return context.open(contact.mobile, CONTACT) if contact is not None else None
