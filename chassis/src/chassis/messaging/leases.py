"""The relay's side of the outbox: take rows on lease, then delete what was sent and postpone the rest.

Claiming and deleting commit without waiting for the disk. If a crash undoes either, messages are sent
again and the inboxes drop them; the recording transaction is the only one that must be durable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Float, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import ASYNCHRONOUS_COMMIT
from chassis.messaging.failures import describe
from chassis.messaging.transport import Message, TransportError, Unavailable

LEASE_SECONDS = 15.0
"""Longer than a publication may take (5 s) with its database work; shorter than anybody's patience."""

_LONGEST_WAIT: dict[type[TransportError], float] = {Unavailable: 5.0}
_LONGEST_WAIT_OTHERWISE = 60.0

_CLAIM = text(
    """
    WITH due AS MATERIALIZED (
        SELECT id FROM outbox
        WHERE available_at <= now()
          AND (leased_until IS NULL OR leased_until < now())
          AND (expires_at IS NULL OR expires_at > now())
        ORDER BY available_at, id
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox
    SET lease_token = :token, leased_until = now() + make_interval(secs => :seconds), attempts = attempts + 1
    FROM due WHERE outbox.id = due.id
    RETURNING outbox.id, routing_key, message, expires_at
    """
).bindparams(bindparam("token", type_=Uuid), bindparam("seconds", type_=Float))

_DELETE = text(
    """
    WITH sent AS (DELETE FROM outbox WHERE id = ANY(:ids) AND lease_token = :token RETURNING 1)
    SELECT count(*) FROM sent
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("token", type_=Uuid))

_POSTPONE = text(
    """
    UPDATE outbox
    SET lease_token = NULL, leased_until = NULL, last_error = failed.error,
        available_at = now() + make_interval(
            secs => least(failed.longest, 0.5 * 2 ^ least(outbox.attempts, 10)) * (0.5 + random() / 2)
        )
    FROM unnest(:ids, :errors, :longest) AS failed (id, error, longest)
    WHERE outbox.id = failed.id AND outbox.lease_token = :token
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("errors", type_=ARRAY(Text)),
    bindparam("longest", type_=ARRAY(Float)),
    bindparam("token", type_=Uuid),
)


@dataclass(frozen=True, slots=True)
class Lease:
    """Rows that nobody else sends for a while."""

    token: UUID
    messages: Sequence[Message]


async def claim(connection: AsyncConnection, limit: int, seconds: float = LEASE_SECONDS) -> Lease:
    """Leases up to ``limit`` rows that are due, the oldest first, skipping those others hold."""
    token = uuid4()
    await connection.execute(ASYNCHRONOUS_COMMIT)
    rows = await connection.execute(_CLAIM, {"token": token, "seconds": seconds, "limit": limit})
    messages = [Message(row.id, row.routing_key, row.message, row.expires_at) for row in rows]
    return Lease(token, sorted(messages, key=lambda message: message.id))


async def settle(connection: AsyncConnection, lease: Lease, outcomes: Sequence[TransportError | None]) -> int:
    """Deletes what was sent and postpones what failed, where the lease still holds; counts the deleted."""
    results = list(zip(lease.messages, outcomes, strict=True))
    failed = [(message.id, outcome) for message, outcome in results if outcome is not None]
    await connection.execute(ASYNCHRONOUS_COMMIT)
    if failed:
        await connection.execute(
            _POSTPONE,
            {
                "token": lease.token,
                "ids": [identity for identity, _ in failed],
                "errors": [describe(error) for _, error in failed],
                "longest": [_LONGEST_WAIT.get(type(error), _LONGEST_WAIT_OTHERWISE) for _, error in failed],
            },
        )
    sent = [message.id for message, outcome in results if outcome is None]
    deleted: int = (await connection.execute(_DELETE, {"ids": sent, "token": lease.token})).scalar_one()
    return deleted
