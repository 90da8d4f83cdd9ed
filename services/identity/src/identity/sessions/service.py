"""Starting, continuing and ending sessions.

Rotation compares and sets the generation in one statement: of parallel requests with one token exactly
one wins. Every later use of that token ends the session, without a period of grace: a client that asks
twice has to log in again, a thief who asks twice is out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.database import UtcDateTime
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import SessionsEnded, SessionsEndReason
from identity.client import Place
from identity.customers.tables import Customer
from identity.devices.domain import DeviceToken, called
from identity.sessions.domain import RefreshToken, Standing, lifetimes_of
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
      AND customers.id = customer_id AND disabled_at IS NULL
    RETURNING customer_id, roles, authenticator_due_at, proof, dealership_id, generation
    """
).bindparams(bindparam("now", type_=UtcDateTime))


@dataclass(frozen=True)
class Grant:
    """A session from which tokens are made; ``device`` is one that is remembered from now on."""

    customer_id: UUID
    standing: Standing
    refresh: RefreshToken
    device: DeviceToken | None = None


async def start(
    session: AsyncSession,
    customer_id: UUID,
    standing: Standing,
    place: Place,
    device_id: UUID | None,
    now: datetime,
) -> Grant:
    """Whoever calls holds the customer's row (``customers.queries.admitted``)."""
    lifetimes = lifetimes_of(standing.roles)
    started = Session(
        id=uuid7(),
        customer_id=customer_id,
        generation=0,
        device=place.agent,
        network=place.shown_network,
        device_id=device_id,
        proof=standing.proof,
        created_at=now,
        last_used_at=now,
        idle_seconds=int(lifetimes.idle.total_seconds()),
        idle_until=now + lifetimes.idle,
        ends_at=now + lifetimes.absolute,
    )
    session.add(started)
    await session.flush()
    log.info("identity.session.started", session_id=str(started.id), customer_id=str(customer_id))
    return Grant(customer_id, standing, RefreshToken(started.id, 0))


async def rotate(session: AsyncSession, token: RefreshToken, now: datetime) -> Grant | None:
    """The session continued; None when the token is not its newest, and then the session is over."""
    mark = {"id": token.session_id, "generation": token.generation, "now": now}
    row = (await session.execute(_ROTATE, mark)).first()
    if row is not None:
        standing = Standing(row.roles, row.authenticator_due_at, row.proof, row.dealership_id)
        return Grant(row.customer_id, standing, RefreshToken(token.session_id, row.generation))
    reused = Session.id == token.session_id, Session.generation > token.generation
    if ended := await _end(session, now, *reused):
        await _tell_one(session, ended[0], "token_reused", now)
        log.warning("identity.session.token_reused", session_id=str(token.session_id))
    return None


async def end(
    session: AsyncSession, customer_id: UUID, session_id: UUID, now: datetime, *, reason: SessionsEndReason
) -> Session | None:
    """Ends one session of the customer; None when there is no such one alive."""
    ended = await _end(session, now, Session.customer_id == customer_id, Session.id == session_id)
    if not ended:
        return None
    await _tell_one(session, ended[0], reason, now)
    return ended[0]


async def end_all(
    session: AsyncSession,
    customer_id: UUID,
    now: datetime,
    *,
    reason: SessionsEndReason,
    kept: UUID | None = None,
) -> None:
    """Ends all but ``kept``, that of a login which is just being admitted included: it waits for that."""
    held = select(Customer.version).where(Customer.id == customer_id)
    version = (await session.execute(held.with_for_update(key_share=True))).scalar_one()
    others = () if kept is None else (Session.id != kept,)
    ended = await _end(session, now, Session.customer_id == customer_id, *others)
    if ended:
        told = SessionsEnded(
            version=version,
            customer_id=customer_id,
            sessions=[one.id for one in ended],
            scope="others" if kept else "all",
            reason=reason,
            device=None,
            at=now,
        )
        await outbox.record(session, told)


async def prove(session: AsyncSession, session_id: UUID) -> None:
    """From its next refresh on the session counts as one with an authenticator app."""
    await session.execute(update(Session).where(Session.id == session_id).values(proof="totp"))


async def weaken(session: AsyncSession, customer_id: UUID) -> None:
    """No session of the customer counts as one with an authenticator app any more."""
    proved = update(Session).where(Session.customer_id == customer_id, Session.proof == "totp")
    await session.execute(proved.values(proof="sms"))


async def _end(session: AsyncSession, now: datetime, *which: ColumnElement[bool]) -> Sequence[Session]:
    ending = update(Session).where(*which, Session.ended_at.is_(None)).values(ended_at=now)
    ended = (await session.scalars(ending.returning(Session))).all()
    for one in ended:
        log.info("identity.session.ended", session_id=str(one.id))
    return ended


async def _tell_one(session: AsyncSession, ended: Session, reason: SessionsEndReason, now: datetime) -> None:
    found = select(Customer.version).where(Customer.id == ended.customer_id)
    told = SessionsEnded(
        version=(await session.execute(found)).scalar_one(),
        customer_id=ended.customer_id,
        sessions=[ended.id],
        scope="one",
        reason=reason,
        device=called(ended.device),
        at=now,
    )
    await outbox.record(session, told)
