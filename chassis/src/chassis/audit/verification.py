"""Walking the chain of one service: what is the first row that somebody has touched?"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit.chain import COLUMNS, START, StoredEntry, hash_of

BATCH = 5000
PATIENCE = timedelta(minutes=10)
"""An entry that is not linked after this long will not be: the job links every few seconds."""
TIMELY = timedelta(hours=1)
"""How far apart the clocks that date an entry, or the ids of neighbours in the chain, may be."""

LAST_MILLISECOND = 253_402_214_400_000
"""The last day that a datetime can hold; a forged id may say later."""

EPOCH = datetime.fromtimestamp(0, UTC)

Kind = Literal["altered", "missing", "unlinked", "untimely", "head"]
SAYINGS: dict[Kind, str] = {
    "altered": "it or the link before it is not what was written",
    "missing": "it has been removed",
    "unlinked": "it was never linked, so it was put in past the chain or lost from it",
    "untimely": "its id or time does not fit its place, so it was put in later",
    "head": "the chain once ended here in another way",
}

_LINKS = text(
    f"""
    SELECT sequence, entry_id, hash, {COLUMNS}
    FROM audit_links LEFT JOIN audit_entries ON id = entry_id
    WHERE sequence > :after ORDER BY sequence LIMIT :batch
    """  # noqa: S608 - own names
)
_UNLINKED = text(
    """
    SELECT id FROM audit_entries
    WHERE NOT EXISTS (SELECT FROM audit_links WHERE entry_id = id) ORDER BY id
    """
)


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong: a link by its sequence, an entry by its id, as far as they are known."""

    kind: Kind
    sequence: int | None
    entry_id: UUID | None

    def __str__(self) -> str:
        return f"link {self.sequence or '-'}, entry {self.entry_id or '-'}: {SAYINGS[self.kind]}"


@dataclass(frozen=True)
class Verdict:
    """``checked`` links are in order up to ``head``, the hash of the last of them."""

    checked: int
    head: bytes
    finding: Finding | None = None


async def verify(
    session: AsyncSession, now: datetime, known_head: tuple[int, bytes] | None = None
) -> Verdict:
    """Walks the whole chain; ``known_head`` is one that was logged earlier, sequence and hash.

    For one snapshot of everything, use a REPEATABLE READ transaction.
    """
    sequence, previous = START
    latest = EPOCH
    async for row in _links(session):
        if finding := _wrong(row, sequence + 1, previous, latest, known_head):
            return Verdict(sequence, previous, finding)
        sequence, previous = row.sequence, bytes(row.hash)
        latest = max(latest, time_of(row.id))
    finding = await _left_out(session, now)
    if finding is None and known_head is not None and known_head[0] > sequence:
        finding = Finding("missing", sequence + 1, None)
    return Verdict(sequence, previous, finding)


def _wrong(
    row: Any, expected: int, previous: bytes, latest: datetime, known_head: tuple[int, bytes] | None
) -> Finding | None:
    if row.sequence != expected:
        return Finding("missing", expected, None)
    if row.id is None:
        return Finding("missing", row.sequence, row.entry_id)
    entry = StoredEntry(*row[-len(StoredEntry._fields) :])
    if hash_of(previous, row.sequence, entry) != row.hash:
        return Finding("altered", row.sequence, row.entry_id)
    if known_head is not None and known_head[0] == row.sequence and known_head[1] != row.hash:
        return Finding("head", row.sequence, row.entry_id)
    if not _timely(entry, latest):
        return Finding("untimely", row.sequence, row.entry_id)
    return None


def _timely(entry: StoredEntry, latest: datetime) -> bool:
    made = time_of(entry.id)
    return made > latest - TIMELY and abs(entry.at - made) < TIMELY


async def _links(session: AsyncSession) -> AsyncIterator[Any]:
    after = 0
    while rows := await _batch(session, after):
        for row in rows:
            yield row
        after = rows[-1].sequence


async def _batch(session: AsyncSession, after: int) -> Sequence[Any]:
    return (await session.execute(_LINKS, {"after": after, "batch": BATCH})).all()


async def _left_out(session: AsyncSession, now: datetime) -> Finding | None:
    for entry_id in await session.scalars(_UNLINKED):
        if abs(now - time_of(entry_id)) > PATIENCE:
            return Finding("unlinked", None, entry_id)
    return None


def time_of(entry_id: UUID) -> datetime:
    """When an id was made: UUID version 7 begins with the milliseconds since the epoch (RFC 9562, 5.7)."""
    milliseconds = min(entry_id.int >> 80, LAST_MILLISECOND)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
