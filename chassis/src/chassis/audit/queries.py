"""Reading the trail, the newest entry first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, JSON, ColumnElement, Text, Uuid, column, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit.chain import StoredEntry
from chassis.database import UtcDateTime

PAGE = 50

ENTRIES = table(
    "audit_entries",
    column("id", Uuid()),
    column("at", UtcDateTime()),
    column("actor", Uuid()),
    column("subject", Uuid()),
    column("roles", ARRAY(Text())),
    column("action", Text()),
    column("client", Text()),
    column("correlation_id", Text()),
    column("details", JSON()),
)
_of = ENTRIES.c


def _is_or_begins_with(action: str) -> ColumnElement[bool]:
    return or_(_of.action == action, _of.action.startswith(f"{action}.", autoescape=True))


CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "actor": lambda actor: _of.actor == actor,
    "subject": lambda subject: _of.subject == subject,
    "action": _is_or_begins_with,
    "since": lambda since: _of.at >= since,
    "until": lambda until: _of.at < until,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries; ``action`` is a whole name or its beginning up to a dot. What is None does not count."""

    actor: UUID | None = None
    subject: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        asked = {name: getattr(self, name) for name in CONDITIONS}
        return [CONDITIONS[name](value) for name, value in asked.items() if value is not None]


async def page(session: AsyncSession, wanted: Wanted, before: UUID | None = None) -> Sequence[StoredEntry]:
    """Up to ``PAGE`` entries before the one with the id ``before``; ``details`` is the JSON text."""
    return await _read(session, before, *wanted.conditions())


async def by_others(
    session: AsyncSession, subject: UUID, before: UUID | None = None
) -> Sequence[StoredEntry]:
    """A page of what others did to the data of ``subject``."""
    others = _of.actor.is_not(None), _of.actor != subject
    return await _read(session, before, _of.subject == subject, *others)


async def _read(
    session: AsyncSession, before: UUID | None, *conditions: ColumnElement[bool]
) -> Sequence[StoredEntry]:
    columns = [_of[name] for name in StoredEntry._fields if name != "details"]
    found = select(*columns, _of.details.cast(Text)).where(*conditions).order_by(_of.id.desc()).limit(PAGE)
    rows = await session.execute(found.where(_of.id < before) if before else found)
    return [StoredEntry._make(row) for row in rows]
