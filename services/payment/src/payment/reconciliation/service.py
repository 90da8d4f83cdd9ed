"""Which days are reconciled: each once it is over, again when staff ask, and by providers' own files."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import Problem
from chassis.imports import BadRow, Batch, ImportKind
from iran import tehran_date
from payment.providers.port import Provider
from payment.reconciliation.domain import Method
from payment.reconciliation.rows import ProviderDay, ReportedRow
from payment.reconciliation.tables import Reconciliation, SettlementRow

NAME = "provider_days"
CATCH_UP = 7
"""So many days back are reconciled that were not, because nothing ran."""


class DayIsNotOver(Problem):
    code = "day_not_over"
    fa = "این روز هنوز به پایان نرسیده است."
    en = "This day is not over yet."


class ProviderTellsNothing(Problem):
    code = "provider_tells_nothing"
    fa = "این درگاه درباره‌ی تک‌تک پرداخت‌ها پاسخ نمی‌دهد؛ گزارش آن را بارگذاری کنید."
    en = "This provider answers no inquiries about payments; send in its report."


async def open_days(
    session: AsyncSession, providers: Sequence[Provider], settle: timedelta, now: datetime
) -> None:
    """The days that are over by ``settle``, of each provider that can be asked."""
    last = tehran_date(now - settle) - timedelta(days=1)
    days = [last - timedelta(days=back) for back in range(CATCH_UP)]
    rows = [
        _row(provider.name, day, Method.INQUIRY, None, now)
        for provider in providers
        if provider.capabilities.inquiry
        for day in days
    ]
    if rows:
        await session.execute(insert(Reconciliation).on_conflict_do_nothing(), rows)


def _row(
    provider: str, day: date, method: Method, import_id: UUID | None, now: datetime
) -> dict[str, object]:
    return {
        "id": uuid7(),
        "provider": provider,
        "day": day,
        "method": method,
        "import_id": import_id,
        "looked_at": 0,
        "differing": 0,
        "begun_at": now,
    }


async def look_again(session: AsyncSession, provider: Provider, day: date, now: datetime) -> Reconciliation:
    """Begins a day anew; raises ``DayIsNotOver`` or ``ProviderTellsNothing``."""
    if day >= tehran_date(now):
        raise DayIsNotOver
    if not provider.capabilities.inquiry:
        raise ProviderTellsNothing
    row = _row(provider.name, day, Method.INQUIRY, None, now)
    await session.execute(insert(Reconciliation).values(row).on_conflict_do_nothing())
    of_day = (Reconciliation.provider == provider.name, Reconciliation.day == day)
    statement = select(Reconciliation).where(*of_day, Reconciliation.import_id.is_(None)).with_for_update()
    run = (await session.scalars(statement.execution_options(populate_existing=True))).one()
    run.last_at, run.last_id, run.done_at, run.begun_at = None, None, None, now
    run.looked_at, run.differing = 0, 0
    return run


def reports() -> ImportKind[ReportedRow]:
    return ImportKind(NAME, ReportedRow, take_in, ProviderDay)


async def take_in(session: AsyncSession, batch: Batch[ReportedRow]) -> list[BadRow]:
    """Keeps the lines; they are compared when all of them are there."""
    about: ProviderDay = batch.options
    run = _row(about.provider, about.day, Method.FILE, batch.import_id, batch.now)
    await session.execute(insert(Reconciliation).values(run).on_conflict_do_nothing())
    rows = [
        {
            "import_id": batch.import_id,
            "line": line.number,
            "provider": about.provider,
            "day": about.day,
            "authority": line.row.authority,
            "reference": line.row.reference,
            "amount": int(line.row.amount),
            "returned": line.row.returned,
        }
        for line in batch.lines
    ]
    if rows:
        await session.execute(insert(SettlementRow), rows)
    return []


async def lock_file(session: AsyncSession, import_id: UUID) -> Reconciliation | None:
    """The run of a file, unless somebody is comparing it or has done so."""
    query = select(Reconciliation).where(
        Reconciliation.import_id == import_id, Reconciliation.done_at.is_(None)
    )
    return await session.scalar(query.with_for_update(skip_locked=True))
