"""The sessions that ended while access tokens of theirs run on, as identity publishes and obeys them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.ended_sessions import ListUnavailable
from identity.sessions import queries
from identity.tokens.domain import TOKEN_LIFETIME

MARGIN = timedelta(minutes=1)
"""For clocks that differ."""


async def recently_ended(session: AsyncSession, clock: Clock) -> Sequence[UUID]:
    return await queries.ended_since(session, clock() - TOKEN_LIFETIME - MARGIN)


class OwnList:
    """The list for identity itself, from its database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def read(self) -> set[UUID]:
        try:
            async with self._database.transaction() as session:
                return set(await recently_ended(session, self._clock))
        except (OSError, SQLAlchemyError) as error:
            raise ListUnavailable(type(error).__name__) from error
