"""The connection pool and the unit of work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from chassis.json import dumps_text, loads

SESSION = {"timezone": "UTC", "idle_in_transaction_session_timeout": "15s"}
"""A process that freezes within a transaction loses its locks, not only its time."""

RECORDED = "recorded"
"""The mark in a session's ``info`` of a transaction that puts something into the outbox."""


class Database:
    """A pool of connections to one service's database.

    ``url`` is a SQLAlchemy URL of asyncpg. Only the edge (a route, a consumer, a job) opens a
    ``transaction``: it commits when the block ends, rolls back when it raises. Waiting for a
    connection ends after ``pool_timeout`` seconds with ``sqlalchemy.exc.TimeoutError``. Errors do not
    show the parameters of the statement, which may be personal data. ``recorded`` is set when a
    transaction has put something into the outbox, for a relay in the same process.
    """

    def __init__(self, url: str, *, pool_size: int = 8, pool_timeout: float = 5) -> None:
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=True,
            hide_parameters=True,
            json_serializer=dumps_text,
            json_deserializer=loads,
            connect_args={"timeout": 5, "server_settings": SESSION},
        )
        self.recorded = asyncio.Event()
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions.begin() as session:
            yield session
        if session.info.get(RECORDED):
            self.recorded.set()

    async def ping(self) -> None:
        """Raises what the driver raises when the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()
