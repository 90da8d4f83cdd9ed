"""Warnings of complaints that wait too long; files that belong to no complaint."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import ComplaintWarned
from sales.context import Context
from sales.voice import contacts, queries
from sales.voice.folder import Folder
from sales.voice.moving import plan_warning
from sales.voice.tables import Complaint, ComplaintAttachment

EVERY_SECONDS = 60
SWEPT_EVERY_SECONDS = 6 * 3600
LONG_WRITTEN = timedelta(hours=6)
"""Longer than any upload takes to have its row."""
BATCH = 200
WARNINGS = Counter("complaint_warnings_total", "Complaints that had waited so many days", ["section", "day"])
log = get_logger(__name__)


def warning(database: Database, context: Context, event_keyring: Keyring) -> Job:
    return Job("sales.complaint_warnings", EVERY_SECONDS, partial(warn_all, database, context, event_keyring))


async def warn_all(database: Database, context: Context, event_keyring: Keyring) -> bool:
    """One batch; true when more may be waiting."""
    async with database.transaction() as session:
        return await warn(session, context, event_keyring) == BATCH


async def warn(session: AsyncSession, context: Context, event_keyring: Keyring) -> int:
    """Warns of complaints whose next warning is due, each once a day of the rules; how many."""
    now = context.clock()
    query = select(Complaint).where(Complaint.warn_at <= now).order_by(Complaint.warn_at).limit(BATCH)
    found = (await session.scalars(query.with_for_update(skip_locked=True))).all()
    for complaint in found:
        await _warn(session, complaint, now)
        mobile = await contacts.mobile_of(session, context, complaint.section)
        await outbox.record(session, _warned(complaint, mobile, event_keyring))
    return len(found)


async def _warn(session: AsyncSession, complaint: Complaint, now: datetime) -> None:
    """Of several warnings that a sleeping worker missed only the last one is given."""
    rules = (await queries.rules_on(session, complaint.rules_from)).rules
    while complaint.warn_at is not None and complaint.warn_at <= now:
        following = rules.next_warning(complaint.counted_from, complaint.warned)
        complaint.warned = following[0] if following else complaint.warned
        plan_warning(complaint, rules)
    complaint.version += 1
    WARNINGS.labels(complaint.section, complaint.warned).inc()
    log.warning("sales.complaint.warned", complaint_id=complaint.id, day=complaint.warned)


def _warned(complaint: Complaint, mobile: str | None, event_keyring: Keyring) -> ComplaintWarned:
    place = f"{ComplaintWarned.name}.contact"
    return ComplaintWarned(
        complaint_id=complaint.id,
        version=complaint.version,
        complaint_number=complaint.number,
        section=complaint.section,
        day=complaint.warned,
        due_at=complaint.due_at,
        contact=event_keyring.seal_object({"mobile": mobile}, place) if mobile is not None else None,
    )


def sweeping(database: Database, clock: Clock, folder: Folder) -> Job:
    return Job("sales.attachment_sweep", SWEPT_EVERY_SECONDS, partial(sweep, database, clock, folder))


async def sweep(database: Database, clock: Clock, folder: Folder) -> None:
    """Removes the files that a process left behind when it died before their rows were written."""
    old = await asyncio.to_thread(lambda: list(folder.older_than(clock() - LONG_WRITTEN)))
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        async with database.transaction() as session:
            query = select(ComplaintAttachment.id).where(ComplaintAttachment.id.in_(batch))
            known = set(await session.scalars(query))
        for file_id in set(batch) - known:
            await asyncio.to_thread(folder.remove, file_id)
            log.info("sales.complaint.attachment_swept", attachment_id=file_id)
