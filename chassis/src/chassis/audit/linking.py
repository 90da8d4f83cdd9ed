"""The job that links new entries into the chain, so that writers need not wait for each other."""

from datetime import datetime
from typing import Any

from prometheus_client import Gauge
from sqlalchemy import ARRAY, BigInteger, LargeBinary, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit.chain import COLUMNS, START, Link, StoredEntry, links
from chassis.clock import Clock, system_clock
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger

EVERY_SECONDS = 5.0
BATCH = 1000
LINKING_LOCK = 7_031_927

HEAD = Gauge("audit_chain_head", "Sequence of the newest link; it never falls.", ["service"])
OLDEST = Gauge("audit_oldest_unlinked_seconds", "Age of the oldest entry outside of the chain.", ["service"])
log = get_logger(__name__)

_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock)")
_HEAD = text("SELECT sequence, hash FROM audit_links ORDER BY sequence DESC LIMIT 1")
_UNLINKED = text(
    f"""
    SELECT {COLUMNS} FROM audit_unlinked JOIN audit_entries ON id = entry_id
    WHERE NOT EXISTS (SELECT FROM audit_links WHERE audit_links.entry_id = id)
    ORDER BY id LIMIT :batch
    """  # noqa: S608 - own names
)
_INSERT = text(
    """
    INSERT INTO audit_links (sequence, entry_id, hash)
    SELECT * FROM unnest(:sequences, :entry_ids, :hashes)
    """
).bindparams(
    bindparam("sequences", type_=ARRAY(BigInteger)),
    bindparam("entry_ids", type_=ARRAY(Uuid)),
    bindparam("hashes", type_=ARRAY(LargeBinary)),
)
_DONE = text("DELETE FROM audit_unlinked WHERE entry_id = ANY(:entry_ids)").bindparams(
    bindparam("entry_ids", type_=ARRAY(Uuid))
)


def linking(database: Database, service: str, clock: Clock = system_clock) -> Job:
    async def run() -> bool:
        async with database.transaction() as session:
            return await link(session, service, clock())

    return Job("chassis.audit_linking", EVERY_SECONDS, run)


async def link(session: AsyncSession, service: str, now: datetime) -> bool:
    """Links the next entries in the order of their ids; True when more may be waiting.

    A twin of this work leaves it alone; the unique sequence and entry are the last defence.
    """
    if not await session.scalar(_LOCK, {"lock": LINKING_LOCK}):
        return False
    entries = await unlinked(session)
    OLDEST.labels(service).set((now - entries[0].at).total_seconds() if entries else 0)
    if entries:
        added = list(links(entries, await head(session)))
        await _add(session, added)
        HEAD.labels(service).set(added[-1].sequence)
        newest = added[-1]
        log.info("audit.linked", service=service, sequence=newest.sequence, hash=newest.hash.hex())
    return len(entries) == BATCH


async def unlinked(session: AsyncSession) -> list[StoredEntry]:
    rows = await session.execute(_UNLINKED, {"batch": BATCH})
    return [StoredEntry(*row) for row in rows]


async def head(session: AsyncSession) -> tuple[int, bytes]:
    """The sequence and hash of the newest link."""
    row: Any = (await session.execute(_HEAD)).first()
    return (row.sequence, bytes(row.hash)) if row else START


async def _add(session: AsyncSession, added: list[Link]) -> None:
    ids = [link.entry_id for link in added]
    await session.execute(
        _INSERT,
        {
            "sequences": [link.sequence for link in added],
            "entry_ids": ids,
            "hashes": [link.hash for link in added],
        },
    )
    await session.execute(_DONE, {"entry_ids": ids})
