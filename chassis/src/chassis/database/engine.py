"""The connection pool and the unit of work."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from chassis.json import dumps_text, loads

SESSION = {"timezone": "UTC", "idle_in_transaction_session_timeout": "15s"}
"""A process that freezes within a transaction loses its locks, not only its time."""

ASKED_AFTER = 1.0
"""Seconds for which a connection has rested when the server is asked whether it is still there."""
RESTS_SINCE = "rests_since"

ASYNCHRONOUS_COMMIT = text("SET LOCAL synchronous_commit TO off")
"""Executed in a transaction that a crash may undo within its first second: it does not wait for the disk."""

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
            hide_parameters=True,
            json_serializer=dumps_text,
            json_deserializer=loads,
            connect_args={"timeout": 5, "server_settings": SESSION},
        )
        event.listen(self.engine.sync_engine, "checkin", _note_rest)
        event.listen(self.engine.sync_engine, "checkout", _refuse_dead)
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


def _note_rest(_: Any, record: Any) -> None:
    record.info[RESTS_SINCE] = time.monotonic()


def _refuse_dead(connection: Any, record: Any, _: Any) -> None:
    """Has the pool connect anew after the server has gone away.

    The driver learns of it a moment late, so a connection that has rested asks. The pool's own ``pre_ping``
    asks before every unit of work, and in a transaction: three round trips. ``InternalClientError`` is what
    the driver says between the server's last word and the end of the connection.
    """
    driver = connection.driver_connection
    rested = time.monotonic() - record.info.get(RESTS_SINCE, time.monotonic())
    try:
        if not driver.is_closed() and rested > ASKED_AFTER:
            connection.run_async(lambda asked: asked.fetchrow(";"))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        raise InvalidatePoolError from None
    if driver.is_closed():
        raise InvalidatePoolError
