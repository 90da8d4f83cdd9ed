"""Reading templates."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from notify.templates.tables import Template


async def speaking(session: AsyncSession) -> Sequence[Template]:
    """The active version of each, by name."""
    return (await session.scalars(select(Template).where(Template.active).order_by(Template.name))).all()


async def versions(session: AsyncSession, name: str) -> Sequence[Template]:
    """Newest first; raises ``NotFound``."""
    query = select(Template).where(Template.name == name).order_by(Template.version.desc())
    found = (await session.scalars(query)).all()
    if not found:
        raise NotFound
    return found
