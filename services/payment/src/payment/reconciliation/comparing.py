"""Comparing a provider's file of a day with our payments, as sets.

A line names its payment by authority, else by reference. Money that was settled around midnight may stand in
the file of the next day: of ours, what was settled until an hour before the end of the day must be in the
files of this day or the one before.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, Row, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from iran import end_of_day, start_of_day
from payment.differences import service as differences
from payment.differences.domain import Found, Reason, Source
from payment.payments.domain import PaymentState
from payment.reconciliation.domain import reported
from payment.reconciliation.tables import Reconciliation

AROUND_MIDNIGHT = timedelta(hours=1)
_LINES = text(
    """
    SELECT theirs.authority, theirs.reference, theirs.amount, theirs.returned,
           ours.id, ours.bill_id, ours.state, ours.received, ours.reference AS our_reference
    FROM settlement_rows AS theirs LEFT JOIN payments AS ours
        ON ours.provider = theirs.provider AND ours.authority = theirs.authority
    WHERE import_id = :import_id AND theirs.authority IS NOT NULL
    UNION ALL
    SELECT theirs.authority, theirs.reference, theirs.amount, theirs.returned,
           ours.id, ours.bill_id, ours.state, ours.received, ours.reference
    FROM settlement_rows AS theirs LEFT JOIN payments AS ours
        ON ours.provider = theirs.provider AND ours.reference = theirs.reference
    WHERE import_id = :import_id AND theirs.authority IS NULL
    """
).bindparams(bindparam("import_id", type_=Uuid))
_MISSING = text(
    """
    SELECT id, bill_id, reference, received FROM payments AS ours
    WHERE provider = :provider AND state IN ('verified', 'conflicted')
      AND started_at >= :earliest AND settled_at >= :since AND settled_at < :until AND received > 0
      AND NOT EXISTS (
          SELECT FROM settlement_rows AS theirs
          WHERE theirs.provider = :provider AND theirs.day BETWEEN CAST(:day AS date) - 1 AND :day
            AND (theirs.authority = ours.authority OR theirs.reference = ours.reference))
    """
).bindparams(
    bindparam("provider", type_=Text),
    bindparam("day", type_=Date),
    *(bindparam(name, type_=DateTime(timezone=True)) for name in ("earliest", "since", "until")),
)


async def compare(session: AsyncSession, run: Reconciliation, now: datetime) -> None:
    """Notes what differs, each once, and closes the run."""
    found: list[Found] = []
    lines = await session.stream(_LINES, {"import_id": run.import_id})
    async for line in lines:
        run.looked_at += 1
        found.extend(_of_line(run, line))
    found += [_missing(run, row) for row in await _missing_there(session, run)]
    run.differing, run.done_at = len(found), now
    await differences.note(session, Source.PROVIDER_DAY, [(run.day, one) for one in found], now)


def _of_line(run: Reconciliation, line: Row[Any]) -> Iterator[Found]:
    named = line.authority or line.reference
    facts: dict[str, Any] = {"institution": run.provider, "theirs": line.amount}
    if line.id is None:
        key = f"{run.provider}:{named}"
        yield Found(Reason.UNKNOWN_HERE, key=key, reference=line.reference or named, **facts)
        return
    facts |= {"key": str(line.id), "payment_id": line.id, "bill_id": line.bill_id, "ours": line.received}
    facts["reference"] = line.our_reference
    reason = reported(PaymentState(line.state), returned=line.returned)
    if reason is not None:
        yield Found(reason, **facts)
    elif line.received is not None and line.received != line.amount:
        yield Found(Reason.OTHER_AMOUNT, **facts)
    if line.reference and line.our_reference and line.reference != line.our_reference:
        yield Found(Reason.OTHER_REFERENCE, **facts | {"reference": line.reference})


async def _missing_there(session: AsyncSession, run: Reconciliation) -> Sequence[Row[Any]]:
    since = start_of_day(run.day) - AROUND_MIDNIGHT
    until = end_of_day(run.day) - AROUND_MIDNIGHT
    wanted = {"provider": run.provider, "day": run.day, "since": since, "until": until}
    return (await session.execute(_MISSING, wanted | {"earliest": since - timedelta(days=1)})).all()


def _missing(run: Reconciliation, row: Row[Any]) -> Found:
    return Found(
        Reason.MISSING_THERE,
        key=str(row.id),
        institution=run.provider,
        reference=row.reference,
        payment_id=row.id,
        bill_id=row.bill_id,
        ours=row.received,
    )
