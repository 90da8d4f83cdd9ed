"""Sealing again, under the present key, what is still under another one, while everything goes on.

Each table is walked by its primary key in small batches, and how far the walk has come is written in the
batch's own transaction, so a process that dies loses nothing. A row that changed since it was read is left
alone (its old ciphertext is compared) and met again in the next walk; the table is finished when a walk
finds nothing to do.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    CursorResult,
    LargeBinary,
    Row,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import CannotOpen, Keyring, key_name
from chassis.database import Database, retry_conflicts
from chassis.jobs import Job
from chassis.keys.columns import SealedTable
from chassis.logging import get_logger

BATCH = 100
RUN_SECONDS = 2.0
EVERY_SECONDS = 5.0
UNREADABLE = b""
"""Stands for a value that did not open; it is left as it is, and counted."""

log = get_logger(__name__)

_PROGRESS = text(
    """
    INSERT INTO reencryptions AS known (table_name, sealing) VALUES (:table, :sealing)
    ON CONFLICT (table_name) DO UPDATE SET
        sealing = excluded.sealing, after = NULL, found = 0, rewritten = 0, unreadable = 0,
        started_at = now(), finished_at = NULL
    WHERE known.sealing <> excluded.sealing
    """
)
_READ = text("SELECT after, found, finished_at FROM reencryptions WHERE table_name = :table FOR UPDATE")
_ADVANCE = text(
    """
    UPDATE reencryptions SET after = :after, found = found + :found, rewritten = rewritten + :rewritten,
        unreadable = unreadable + :unreadable
    WHERE table_name = :table
    """
).bindparams(bindparam("after", type_=ARRAY(Text)))
_FINISH = text("UPDATE reencryptions SET finished_at = now() WHERE table_name = :table")
_WALK_AGAIN = text(
    "UPDATE reencryptions SET after = NULL, found = 0, unreadable = 0, finished_at = NULL"
    " WHERE table_name = :table"
)


@dataclass(frozen=True)
class Batch:
    """The rows to write: key, values as they were, values sealed anew. ``unreadable`` counts values."""

    rows: Sequence[tuple[Any, ...]]
    unreadable: int


class Reencryption:
    """The job of one service: ``tables`` from ``chassis.keys.columns.sealed_tables``."""

    def __init__(
        self, database: Database, keyring: Keyring, tables: Sequence[SealedTable], *, batch: int = BATCH
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._tables = tables
        self._batch = batch

    def job(self, service: str) -> Job:
        return Job(f"{service}.reencryption", EVERY_SECONDS, self.run)

    async def run(self) -> bool:
        """Works for a moment; whether there is more to do."""
        if len(self._keyring.names) == 1:
            return False
        deadline = time.monotonic() + RUN_SECONDS
        for table in self._tables:
            while await self._step(table):
                if time.monotonic() > deadline:
                    return True
                await asyncio.sleep(0)
        return False

    @retry_conflicts
    async def _step(self, sealed: SealedTable) -> bool:
        """One batch; False when the table is finished."""
        async with self._database.transaction() as session:
            named = {"table": sealed.name}
            await session.execute(_PROGRESS, {**named, "sealing": self._keyring.sealing})
            after, found, finished_at = (await session.execute(_READ, named)).one()
            if finished_at is not None:
                return False
            rows = await self._rows_after(session, sealed, after)
            if not rows:
                return await self._end_walk(session, sealed, found)
            batch = self._sealed_anew(sealed, rows)
            await session.execute(
                _ADVANCE,
                {
                    **named,
                    "after": [str(value) for value in rows[-1][: len(sealed.key)]],
                    "found": len(batch.rows),
                    "rewritten": await _write(session, sealed, batch),
                    "unreadable": batch.unreadable,
                },
            )
        return True

    async def _end_walk(self, session: AsyncSession, sealed: SealedTable, found: int) -> bool:
        """Another walk when this one met something; the table is finished otherwise."""
        await session.execute(_WALK_AGAIN if found else _FINISH, {"table": sealed.name})
        if not found:
            log.info("keys.table_reencrypted", table=sealed.name, sealing=self._keyring.sealing)
        return found > 0

    async def _rows_after(
        self, session: AsyncSession, sealed: SealedTable, after: Sequence[str] | None
    ) -> Sequence[Row[Any]]:
        statement = select(*sealed.key, *sealed.columns).order_by(*sealed.key).limit(self._batch)
        if after is not None:
            keys = zip(after, sealed.key, strict=True)
            place = [cast(literal(value, Text), key.type) for value, key in keys]
            statement = statement.where(tuple_(*sealed.key) > tuple_(*place))
        return (await session.execute(statement)).all()

    def _sealed_anew(self, sealed: SealedTable, rows: Sequence[Row[Any]]) -> Batch:
        changed, unreadable = [], 0
        for row in rows:
            old = row[len(sealed.key) :]
            new = [
                self._anew(value, sealed.place(one)) for value, one in zip(old, sealed.columns, strict=True)
            ]
            unreadable += new.count(UNREADABLE)
            kept = [was if value is UNREADABLE else value for was, value in zip(old, new, strict=True)]
            if kept != [*old]:
                changed.append((*row, *kept))
        return Batch(changed, unreadable)

    def _anew(self, value: bytes | None, place: str) -> bytes | None:
        """The value under the present key, or ``UNREADABLE``."""
        if value is None or key_name(value) == self._keyring.sealing:
            return value
        try:
            return self._keyring.seal(self._keyring.open(value, place), place)
        except CannotOpen:
            return UNREADABLE


async def _write(session: AsyncSession, sealed: SealedTable, batch: Batch) -> int:
    """Writes the rows that are still as they were read, and counts them."""
    if not batch.rows:
        return 0
    fields = [
        *((f"key_{number}", one.type) for number, one in enumerate(sealed.key)),
        *((f"old_{number}", LargeBinary()) for number, _ in enumerate(sealed.columns)),
        *((f"new_{number}", LargeBinary()) for number, _ in enumerate(sealed.columns)),
    ]
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in fields]
    given = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in fields))
    rows = given.render_derived(name="given").c
    same = [
        *(key == rows[f"key_{number}"] for number, key in enumerate(sealed.key)),
        *(one.is_not_distinct_from(rows[f"old_{number}"]) for number, one in enumerate(sealed.columns)),
    ]
    anew = {one.name: rows[f"new_{number}"] for number, one in enumerate(sealed.columns)}
    values = {name: [row[place] for row in batch.rows] for place, (name, _) in enumerate(fields)}
    result = await session.execute(update(sealed.table).where(*same).values(anew), values)
    assert isinstance(result, CursorResult)
    return result.rowcount
