"""Keeping templates: versions are proposed, published and gone back to; none is ever edited."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.logging import get_logger
from notify.templates import rules
from notify.templates.domain import FIELDS
from notify.templates.tables import Template
from notify.trail import Actor

log = get_logger(__name__)


async def active(session: AsyncSession, name: str) -> Template:
    """The version that speaks now; ``NoResultFound`` when nobody ever wrote one."""
    return (await session.scalars(select(Template).where(Template.name == name, Template.active))).one()


async def propose(
    session: AsyncSession, name: str, text: str, patterns: Mapping[str, str] | None, by: Actor
) -> Template:
    """A new version that does not speak yet; raises ``InvalidTemplate``, and ``NotFound`` for no such name.

    Without ``patterns`` it has those of the version that speaks.
    """
    before = await _held(session, name)
    patterns = before.patterns if patterns is None else patterns
    rules.check(name, text, patterns)
    newest = await session.scalar(select(func.max(Template.version)).where(Template.name == name))
    template = Template(
        name=name,
        version=(newest or 0) + 1,
        lane=before.lane,
        text=text,
        patterns=dict(patterns),
        active=False,
        created_by=by.id,
        created_at=by.at,
    )
    session.add(template)
    await by.note(session, "message_template.proposed", {"name": name, "version": template.version})
    log.info("notify.template.proposed", template=name, version=template.version)
    return template


async def publish(session: AsyncSession, name: str, version: int, by: Actor) -> Template:
    """Has ``version`` speak from now on, be it new or one to go back to; raises ``NotFound``.

    Messages already written keep the version they were written with.
    """
    before = await _held(session, name)
    template = await find(session, name, version)
    if template.version == before.version:
        return before
    rules.check(name, template.text, template.patterns)
    before.active = False
    await session.flush()
    template.active = True
    details = {"name": name, "version": version, "instead_of": before.version}
    await by.note(session, "message_template.published", details)
    log.info("notify.template.published", template=name, version=version)
    return template


async def find(session: AsyncSession, name: str, version: int) -> Template:
    """Raises ``NotFound``."""
    template = await session.get(Template, (name, version))
    if template is None:
        raise NotFound
    return template


async def _held(session: AsyncSession, name: str) -> Template:
    """The version that speaks, held until the transaction ends: one writes at a time."""
    if name not in FIELDS:
        raise NotFound
    speaks = select(Template).where(Template.name == name, Template.active).with_for_update()
    found = await session.scalar(speaks)
    if found is None:
        raise NotFound
    return found
