"""How far a run has come."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from identity.inquiries.tables import Inquiry
from identity.inquiry_runs.tables import InquiryRun

COUNTED = {"match": "matched", "no_match": "not_matched", "invalid_input": "invalid"}
PAGE = 20
FIGURES = ("asked", "from_memory", "matched", "not_matched", "invalid", "waiting")


async def find(session: AsyncSession, run_id: UUID) -> InquiryRun | None:
    return await session.get(InquiryRun, run_id)


async def page(session: AsyncSession, before: UUID | None) -> Sequence[tuple[InquiryRun, bool]]:
    """The newest first, each with whether it is over everybody; their lists of people are not read."""
    found = select(InquiryRun, InquiryRun.customer_ids.is_(None)).options(defer(InquiryRun.customer_ids))
    newest = found.order_by(InquiryRun.id.desc()).limit(PAGE)
    rows = await session.execute(newest.where(InquiryRun.id < before) if before else newest)
    return [(run, everybody) for run, everybody in rows]


async def progress(session: AsyncSession, run: InquiryRun) -> dict[str, int]:
    """As it is, or as it was when the run ended."""
    return run.progress or await count(session, run.id)


async def count(session: AsyncSession, run_id: UUID) -> dict[str, int]:
    """``asked`` have their answer, ``from_memory`` of them without a call; ``waiting`` have not."""
    waits = Inquiry.next_attempt_at.is_not(None)
    grouped = (
        select(waits, Inquiry.result, Inquiry.from_memory, func.count())
        .where(Inquiry.run_id == run_id)
        .group_by(waits, Inquiry.result, Inquiry.from_memory)
    )
    figures = dict.fromkeys(FIGURES, 0)
    for waiting, result, from_memory, number in await session.execute(grouped):
        if waiting or result is None:
            figures["waiting"] += number
            continue
        figures["asked"] += number
        figures["from_memory"] += number * from_memory
        figures[COUNTED[result]] += number
    return figures
