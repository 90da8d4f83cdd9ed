"""Writing differences down, each once, and minding them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.crypto import Keyring
from chassis.errors import NotFound
from chassis.logging import get_logger
from payment.differences.domain import Found, Reason, Source
from payment.differences.tables import NOTE, Difference

log = get_logger(__name__)


async def note(
    session: AsyncSession, source: Source, found: Sequence[tuple[date, Found]], now: datetime
) -> int:
    """Writes down what was not known; how many that are. The day is the one each concerns."""
    if not found:
        return 0
    rows = [
        {
            "id": uuid7(),
            "source": source,
            "reason": one.reason,
            "key": one.key,
            "institution": one.institution,
            "day": day,
            "reference": one.reference,
            "payment_id": one.payment_id,
            "bill_id": one.bill_id,
            "theirs": one.theirs,
            "ours": one.ours,
            "found_at": now,
        }
        for day, one in found
    ]
    statement = insert(Difference).on_conflict_do_nothing().returning(Difference.id)
    written = (await session.scalars(statement, rows)).all()
    if written:
        log.warning("payment.difference.found", source=source, count=len(written))
    return len(written)


async def locked(session: AsyncSession, difference_id: UUID) -> Difference:
    """Raises ``NotFound``."""
    found = await session.scalar(select(Difference).where(Difference.id == difference_id).with_for_update())
    if found is None:
        raise NotFound
    return found


async def explain(
    session: AsyncSession,
    keyring: Keyring,
    source: Source,
    which: tuple[str, Reason],
    by: UUID,
    note: str,
    at: datetime,
) -> None:
    """Closes a difference that was cleared up otherwise, whoever minded it; a closed one stays as it is."""
    key, reason = which
    query = select(Difference).where(
        Difference.source == source,
        Difference.key == key,
        Difference.reason == reason,
        Difference.closed_at.is_(None),
    )
    found = await session.scalar(query.with_for_update())
    if found is not None:
        found.take(by, at, over=True)
        found.close(by, at, keyring.seal(note.encode(), NOTE))
