"""Which process has which keys: each says so itself, in its service's database, while it lives."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.keys.followed import FRESH_SECONDS, FollowedKeys
from chassis.logging import get_logger

SAID_EVERY = 10.0
FORGOTTEN_AFTER = 30.0
"""Seconds; who has said nothing for this long is taken for dead."""

log = get_logger(__name__)

_SAY = text(
    """
    INSERT INTO key_holders AS known (process, keyring, sealing, opening)
    VALUES (:process, :keyring, :sealing, :opening)
    ON CONFLICT (process, keyring) DO UPDATE SET
        sealing = excluded.sealing, opening = excluded.opening, seen_at = now(),
        sealing_since = CASE
            WHEN known.sealing = excluded.sealing THEN known.sealing_since ELSE now()
        END
    """
).bindparams(bindparam("opening", type_=ARRAY(Text)))
_LEAVE = text("DELETE FROM key_holders WHERE process = :process")
_FORGET = text("DELETE FROM key_holders WHERE seen_at < now() - interval '1 hour'")
_LIVING = text(
    """
    SELECT process, sealing, sealing_since, opening, now() - sealing_since AS settled FROM key_holders
    WHERE keyring = :keyring AND seen_at > now() - make_interval(secs => :seconds)
    """
)


@dataclass(frozen=True)
class Holder:
    """A living process: ``settled`` is for how many seconds it has sealed with the key it seals with."""

    process: UUID
    sealing: str
    sealing_since: datetime
    opening: Sequence[str]
    settled: float


class KeyWatch:
    """Keeps this process's keyrings in step with their files, and says which keys it has.

    ``rings`` by what they are called: ``data``, ``events``, ``index``. Use it as an async context.
    """

    def __init__(self, database: Database, rings: Mapping[str, FollowedKeys]) -> None:
        self._database = database
        self._rings = rings
        self._process = uuid4()
        self._stop = asyncio.Event()

    async def __aenter__(self) -> "KeyWatch":
        self._stop.clear()
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await self._watching
        await self._write(leaving=True)

    async def _watch(self) -> None:
        said, loop = 0.0, asyncio.get_running_loop()
        while not self._stop.is_set():
            changed = [ring.refresh() for ring in self._rings.values()]
            if any(changed) or not said or loop.time() - said > SAID_EVERY:
                said = loop.time() if await self._write() else 0.0
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), FRESH_SECONDS)

    async def _write(self, *, leaving: bool = False) -> bool:
        """False when the database does not answer now."""
        try:
            async with self._database.transaction() as session:
                await (self._leave(session) if leaving else self._say(session))
        except (SQLAlchemyError, OSError) as error:
            log.warning("keys.holder.unsaid", error=type(error).__name__)
            return False
        return True

    async def _say(self, session: AsyncSession) -> None:
        for name, ring in self._rings.items():
            holder = {
                "process": self._process,
                "keyring": name,
                "sealing": ring.sealing,
                "opening": ring.names,
            }
            await session.execute(_SAY, holder)

    async def _leave(self, session: AsyncSession) -> None:
        await session.execute(_LEAVE, {"process": self._process})
        await session.execute(_FORGET)


async def living(session: AsyncSession, keyring: str) -> list[Holder]:
    """The processes of this service that have ``keyring`` and live."""
    found = await session.execute(_LIVING, {"keyring": keyring, "seconds": FORGOTTEN_AFTER})
    return [
        Holder(row.process, row.sealing, row.sealing_since, row.opening, row.settled.total_seconds())
        for row in found
    ]
