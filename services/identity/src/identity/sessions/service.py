"""Starting, continuing and ending sessions.

Rotation compares and sets the generation in one statement: of parallel requests with one token exactly
one wins. Every later use of that token ends the session, without a period of grace: a client that asks
twice has to log in again, a thief who asks twice is out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.database import UtcDateTime
from chassis.logging import get_logger
from identity.sessions.domain import RefreshToken, lifetimes_of
from identity.sessions.tables import Session

log = get_logger(__name__)

_ROTATE = text(
    """
    UPDATE sessions SET
        generation = generation + 1,
        last_used_at = :now,
        idle_until = least(:now + make_interval(secs => idle_seconds), ends_at)
    FROM customers
    WHERE sessions.id = :id AND generation = :generation AND ended_at IS NULL AND idle_until > :now
      AND customers.id = customer_id
    RETURNING customer_id, roles, generation
    """
).bindparams(bindparam("now", type_=UtcDateTime))


@dataclass(frozen=True)
class Grant:
    """A session from which tokens are made."""

    customer_id: UUID
    roles: Collection[str]
    refresh: RefreshToken


async def start(
    session: AsyncSession, customer_id: UUID, roles: Collection[str], device: str | None, now: datetime
) -> Grant:
    lifetimes = lifetimes_of(roles)
    started = Session(
        id=uuid7(),
        customer_id=customer_id,
        generation=0,
        device=device,
        created_at=now,
        last_used_at=now,
        idle_seconds=int(lifetimes.idle.total_seconds()),
        idle_until=now + lifetimes.idle,
        ends_at=now + lifetimes.absolute,
    )
    session.add(started)
    await session.flush()
    log.info("identity.session.started", session_id=str(started.id), customer_id=str(customer_id))
    return Grant(customer_id, roles, RefreshToken(started.id, 0))


async def rotate(session: AsyncSession, token: RefreshToken, now: datetime) -> Grant | None:
    """The session continued; None when the token is not its newest, and then the session is over."""
    mark = {"id": token.session_id, "generation": token.generation, "now": now}
    row = (await session.execute(_ROTATE, mark)).first()
    if row is not None:
        return Grant(row.customer_id, row.roles, RefreshToken(token.session_id, row.generation))
    reused = Session.id == token.session_id, Session.generation > token.generation
    if await _end(session, now, *reused):
        log.warning("identity.session.token_reused", session_id=str(token.session_id))
    return None


async def end(session: AsyncSession, customer_id: UUID, session_id: UUID, now: datetime) -> bool:
    """Ends one session of the customer; False when there is no such one alive."""
    return await _end(session, now, Session.customer_id == customer_id, Session.id == session_id) > 0


async def end_all(session: AsyncSession, customer_id: UUID, now: datetime) -> None:
    await _end(session, now, Session.customer_id == customer_id)


async def _end(session: AsyncSession, now: datetime, *which: ColumnElement[bool]) -> int:
    ending = update(Session).where(*which, Session.ended_at.is_(None)).values(ended_at=now)
    ended = (await session.scalars(ending.returning(Session.id))).all()
    for session_id in ended:
        log.info("identity.session.ended", session_id=str(session_id))
    return len(ended)
