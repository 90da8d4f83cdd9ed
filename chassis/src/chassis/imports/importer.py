"""Taking files in, some thousand rows at a time, and going on where a worker that died left off.

The rows of a batch, the list of those that were bad and how far the file is are written in one
transaction; whoever writes it holds the file's lease. So every row takes effect once, whatever happens.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import IO, Any
from uuid import UUID, uuid4

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.database import Database, retry_conflicts
from chassis.imports import store
from chassis.imports.kind import BadRow, Batch, ImportKind, Line
from chassis.imports.reading import FixedColumn, RowReader
from chassis.imports.refusals import Unreadable
from chassis.imports.store import Import
from chassis.jobs import Job
from chassis.logging import get_logger

BATCH = 1000
LEASE = timedelta(seconds=60)
TURN_SECONDS = 2.0
"""So long a worker takes rows in before it looks whether it is to end."""
TRIES = 5
SEALED = "import_parts.content"
log = get_logger(__name__)


class LeaseLost(Exception):
    """Another worker goes on with the file."""


@dataclass(frozen=True)
class _Taken:
    """The next rows of a file: how many they are, and what has become of them."""

    rows: int
    lines: Sequence[Line[Any]]
    bad: Sequence[BadRow]


@dataclass
class _Open:
    """A file that this worker is reading, and where it is in it."""

    progress: Import
    file: IO[bytes]
    reader: RowReader
    kind: ImportKind[Any]
    ahead: asyncio.Task[_Taken] | None = None

    async def next(self) -> _Taken:
        """The next rows; those after them are read while these are written."""
        taken = await (self.ahead or self._read())
        self.ahead = self._read() if taken.rows else None
        return taken

    def _read(self) -> asyncio.Task[_Taken]:
        return asyncio.create_task(asyncio.to_thread(_next, self.reader, self.kind))

    async def close(self) -> None:
        if self.ahead is not None:
            await asyncio.gather(self.ahead, return_exceptions=True)
        self.file.close()


class Importer:
    """The kinds of imports of a service; its parts are sealed with ``keyring`` while they wait."""

    def __init__(
        self, database: Database, keyring: Keyring, clock: Clock, kinds: Sequence[ImportKind[Any]]
    ) -> None:
        self.keyring = keyring
        self.clock = clock
        self.kinds: Mapping[str, ImportKind[Any]] = {kind.name: kind for kind in kinds}
        self._database = database
        self._token = uuid4()
        self._open: _Open | None = None

    def jobs(self, service: str) -> tuple[Job, Job]:
        return (
            Job(f"{service}.imports", 1, self.run, exclusive=False),
            Job(f"{service}.imports.forget", 3600, self._forget_abandoned),
        )

    async def run(self) -> bool:
        """Works on one file for a while; True when there is more to do."""
        async with self._database.transaction() as session:
            claimed = await store.claim(session, list(self.kinds), self._token, LEASE)
        if claimed is None:
            return False
        try:
            await self._go_on(claimed)
        except LeaseLost:
            await self._close()
        except Unreadable as reason:
            await self._finish(claimed, str(reason))
        except Exception:  # counted against the file, whatever it was, and raised on
            await self._close()
            await self._note_failure(claimed)
            raise
        return True

    async def _go_on(self, claimed: Import) -> None:
        reading = await self._opened(claimed)
        until = time.monotonic() + TURN_SECONDS
        while time.monotonic() < until:
            taken = await reading.next()
            if not taken.rows:
                await self._finish(reading.progress, None)
                return
            await self._take_in(reading, taken)
            reading.progress = replace(reading.progress, rows_read=reading.progress.rows_read + taken.rows)

    async def _opened(self, claimed: Import) -> _Open:
        last = self._open
        if last and (last.progress.id, last.progress.rows_read) == (claimed.id, claimed.rows_read):
            return last
        await self._close()
        kind = self.kinds[claimed.kind]
        file = await self._unsealed(claimed.id)
        layout = [FixedColumn.model_validate(column) for column in claimed.layout]
        reader = await asyncio.to_thread(RowReader, file, claimed.format, kind.columns, kind.required, layout)
        await asyncio.to_thread(reader.skip, claimed.rows_read)
        self._open = _Open(claimed, file, reader, kind)
        return self._open

    async def _unsealed(self, import_id: UUID) -> IO[bytes]:
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed when the file is taken in
        async with self._database.transaction() as session:
            async for part in store.parts(session, import_id):
                file.write(self.keyring.open(part, SEALED))
        file.seek(0)
        return file

    @retry_conflicts
    async def _take_in(self, reading: _Open, taken: _Taken) -> None:
        progress, kind = reading.progress, reading.kind
        options = kind.options.model_validate(progress.options)
        batch = Batch(progress.id, progress.created_by, self.clock(), taken.lines, options)
        async with self._database.transaction() as session:
            total = reading.reader.total
            if not await store.advance(session, progress, self._token, taken.rows, total, LEASE):
                raise LeaseLost
            bad = [*taken.bad, *await kind.apply(session, batch)]
            await store.note_bad(session, progress.id, bad)

    async def _finish(self, progress: Import, failure: str | None) -> None:
        async with self._database.transaction() as session:
            await store.finish(session, progress, failure, self.clock())
        await self._close()
        log.info("import.finished", import_id=progress.id, rows=progress.rows_read, failure=failure)

    async def _note_failure(self, claimed: Import) -> None:
        async with self._database.transaction() as session:
            failures = await store.count_failure(session, claimed.id)
            if failures >= TRIES:
                await store.finish(session, claimed, "internal_error", self.clock())

    async def _close(self) -> None:
        if self._open is not None:
            reading, self._open = self._open, None
            await reading.close()

    async def _forget_abandoned(self) -> None:
        async with self._database.transaction() as session:
            await store.forget_abandoned(session, self.clock())


def _next(reader: RowReader, kind: ImportKind[Any]) -> _Taken:
    """Reads and judges a batch; for a thread, so that nobody waits for it."""
    rows = reader.take(kind.batch or BATCH)
    lines: list[Line[Any]] = []
    bad: list[BadRow] = []
    for number, cells in rows:
        parsed = kind.parse(number, cells)
        if isinstance(parsed, Line):
            lines.append(parsed)
        else:
            bad.extend(parsed)
    return _Taken(len(rows), lines, bad)
