"""The hash chain over the entries: each link holds SHA-256 over the one before it and its own entry.

Whoever changes, removes, inserts or reorders an entry breaks every link from there on. Whoever cuts the
tail or makes all later links anew is betrayed by the head, which the linking job logs as it grows.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID


class StoredEntry(NamedTuple):
    """A row of ``audit_entries``; ``details`` is the JSON text as it was written."""

    id: UUID
    at: datetime
    actor: UUID | None
    subject: UUID | None
    roles: list[str]
    action: str
    client: str | None
    correlation_id: str | None
    details: str


COLUMNS = ", ".join(name for name in StoredEntry._fields if name != "details") + ", details::text AS details"


@dataclass(frozen=True)
class Link:
    """A row of ``audit_links``; sequences count from 1 without a gap."""

    sequence: int
    entry_id: UUID
    hash: bytes


START = (0, bytes(32))
"""What stands before the first link: its sequence and hash."""


def canonical(entry: StoredEntry) -> bytes:
    """The same bytes for the same entry, wherever and whenever: sorted JSON, UTC, UUIDs in lower case."""
    values = entry._asdict() | {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    return json.dumps(values, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(previous: bytes, sequence: int, entry: StoredEntry) -> bytes:
    return hashlib.sha256(previous + sequence.to_bytes(8, "big") + canonical(entry)).digest()


def links(entries: Iterable[StoredEntry], head: tuple[int, bytes] = START) -> Iterator[Link]:
    """The links that follow ``head``, one for each entry."""
    sequence, previous = head
    for entry in entries:
        sequence += 1
        previous = hash_of(previous, sequence, entry)
        yield Link(sequence, entry.id, previous)
