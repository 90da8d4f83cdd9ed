"""Keeping templates."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from notify.templates import domain
from notify.templates.tables import Template


async def active(session: AsyncSession, name: str) -> Template:
    """The version that speaks now; ``NoResultFound`` when nobody ever wrote one."""
    return (await session.scalars(select(Template).where(Template.name == name, Template.active))).one()


async def publish(session: AsyncSession, name: str, text: str) -> Template:
    """A new version of ``name`` that speaks from now on; raises ``InvalidTemplate``.

    Messages already written keep the version they were written with.
    """
    domain.check(name, text)
    before = await active(session, name)
    newest = await session.scalar(select(func.max(Template.version)).where(Template.name == name))
    await session.execute(update(Template).where(Template.name == name).values(active=False))
    template = Template(
        name=name,
        version=(newest or 0) + 1,
        lane=before.lane,
        text=text,
        pattern=before.pattern,
        active=True,
    )
    session.add(template)
    await session.flush()
    return template
