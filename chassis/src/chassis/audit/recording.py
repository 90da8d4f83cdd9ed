"""Writing entries. An entry is a row of the action's own transaction and waits for nobody else's."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis import telemetry
from chassis.audit.entry import Entry
from chassis.database import UtcDateTime
from chassis.json import dumps_text
from chassis.logging import redacted

_INSERT = text(
    """
    INSERT INTO audit_entries (id, at, actor, subject, roles, action, client, correlation_id, details)
    VALUES (:id, :at, :actor, :subject, :roles, :action, :client, :correlation_id, CAST(:details AS json))
    """
).bindparams(
    bindparam("id", type_=Uuid),
    bindparam("at", type_=UtcDateTime),
    bindparam("actor", type_=Uuid),
    bindparam("subject", type_=Uuid),
    bindparam("roles", type_=ARRAY(Text)),
    bindparam("details", type_=Text),
)


async def record(session: AsyncSession, *entries: Entry, at: datetime) -> None:
    """Adds ``entries`` to the transaction of ``session``.

    What looks like personal data in their details is replaced by its kind.
    """
    if entries:
        await session.execute(_INSERT, [_row(entry, at) for entry in entries])


def _row(entry: Entry, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "at": at,
        "actor": entry.actor,
        "subject": entry.subject,
        "roles": sorted(entry.roles),
        "action": entry.action,
        "client": entry.client,
        "correlation_id": telemetry.correlation_id.get() or None,
        "details": dumps_text(redacted(entry.details)),
    }
