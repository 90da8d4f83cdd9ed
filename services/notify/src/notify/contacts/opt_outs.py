"""Who wants no texts in bulk. What a person waits for, codes and news of their orders, comes all the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from iran import Mobile
from notify.contacts.tables import MOBILE, Contact, OptOut


async def opt_out(session: AsyncSession, customer_id: UUID, now: datetime) -> bool:
    """Whether it is new."""
    row = insert(OptOut).values(customer_id=customer_id, at=now).on_conflict_do_nothing()
    return (await session.execute(row.returning(OptOut.customer_id))).first() is not None


async def opt_in(session: AsyncSession, customer_id: UUID) -> None:
    await session.execute(delete(OptOut).where(OptOut.customer_id == customer_id))


async def is_out(session: AsyncSession, customer_id: UUID) -> bool:
    return await session.get(OptOut, customer_id) is not None


async def state(session: AsyncSession) -> tuple[Any, ...]:
    """Differs when there is another set of people who are out, or one of them has another mobile."""
    query = select(func.count(), func.max(OptOut.at), func.sum(Contact.version))
    joined = query.join(Contact, Contact.customer_id == OptOut.customer_id)
    return tuple((await session.execute(joined)).one())


async def mobiles(session: AsyncSession, since: datetime | None = None) -> Sequence[bytes]:
    """The sealed mobiles of those who are out, of those who went ``since`` then only."""
    query = select(Contact.mobile).join(OptOut, OptOut.customer_id == Contact.customer_id)
    if since is not None:
        query = query.where(OptOut.at >= since)
    return (await session.scalars(query)).all()


def opened(keyring: Keyring, sealed: Sequence[bytes]) -> list[Mobile]:
    return [Mobile(keyring.open(one, MOBILE).decode()) for one in sealed]
