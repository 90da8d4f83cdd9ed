"""Which sessions live."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.sessions.tables import Session


def _alive(now: datetime) -> ColumnElement[bool]:
    return Session.ended_at.is_(None) & (Session.idle_until > now)


async def is_alive(session: AsyncSession, session_id: UUID, now: datetime) -> bool:
    found = select(Session.id).where(Session.id == session_id, _alive(now))
    return await session.scalar(found) is not None


async def begun_at(session: AsyncSession, session_id: UUID) -> datetime | None:
    return await session.scalar(select(Session.created_at).where(Session.id == session_id))


async def ended_since(session: AsyncSession, since: datetime) -> Sequence[UUID]:
    """The sessions that ended since then and were given an access token since then."""
    found = select(Session.id).where(Session.ended_at >= since, Session.last_used_at >= since)
    return (await session.scalars(found.order_by(Session.id))).all()


async def alive_of(session: AsyncSession, customer_id: UUID, now: datetime) -> Sequence[Session]:
    found = select(Session).where(Session.customer_id == customer_id, _alive(now))
    return (await session.scalars(found.order_by(Session.last_used_at.desc()))).all()
