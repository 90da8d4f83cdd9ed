"""The only way out of a service: events as rows of the transaction that made them true.

A row leaves the table when the broker has confirmed the message, never before. Who sends a row holds
a lease on it: a random token and a time. A relay that comes back after its lease ended finds its
token gone, so what it then says about the row has no effect. Times are the database's.
"""

from datetime import datetime

from sqlalchemy import ARRAY, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import RECORDED, UtcDateTime
from chassis.messaging.envelope import enclose
from events import Event

_INSERT = text(
    """
    INSERT INTO outbox (id, routing_key, message, expires_at)
    SELECT id, routing_key, message, :expires_at
    FROM unnest(:ids, :routing_keys, :messages) AS recorded (id, routing_key, message)
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("routing_keys", type_=ARRAY(Text)),
    bindparam("messages", type_=ARRAY(LargeBinary)),
    bindparam("expires_at", type_=UtcDateTime),
)


async def record(session: AsyncSession, *events: Event, expires_at: datetime | None = None) -> None:
    """Adds ``events`` to the transaction of ``session``, all in one statement.

    A message that has not arrived by ``expires_at`` is dropped wherever it is; for codes.
    """
    if not events:
        return
    envelopes = [enclose(event) for event in events]
    await session.execute(
        _INSERT,
        {
            "ids": [envelope.id for envelope in envelopes],
            "routing_keys": [envelope.name for envelope in envelopes],
            "messages": [envelope.model_dump_json().encode() for envelope in envelopes],
            "expires_at": expires_at,
        },
    )
    session.info[RECORDED] = True


_FORGET_EXPIRED = text(
    """
    WITH expired AS (DELETE FROM outbox WHERE expires_at <= now() RETURNING 1)
    SELECT count(*) FROM expired
    """
)


async def forget_expired(session: AsyncSession) -> int:
    """Deletes unsent what nobody needs any more; counts it."""
    expired: int = (await session.execute(_FORGET_EXPIRED)).scalar_one()
    return expired
