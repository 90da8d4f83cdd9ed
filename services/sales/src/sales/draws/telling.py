"""Whoever took part in a draw is told what came of it, without anybody asking for it.

The results go out page by page: the event of a page leads to the next one. Each page is recorded in the
transaction that takes note of the one before, so none is left out and none comes twice.
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import DrawHeld, Drawn, DrawResultsListed
from sales.draws.tables import DrawEntry, DrawResult
from sales.orders.tables import Order
from sales.plans.tables import Plan

PAGE = 500
OUTCOMES: dict[bool | None, Literal["selected", "reserve", "not_selected"]] = {
    True: "selected",
    False: "reserve",
    None: "not_selected",
}
log = get_logger(__name__)


async def on_draw_held(session: AsyncSession, event: DrawHeld) -> None:
    """Lists the first page."""
    await _list(session, event.plan_id, event.version, 1, None)


async def on_results_listed(session: AsyncSession, event: DrawResultsListed) -> None:
    """Lists the page after the one that was listed."""
    if not event.last:
        await _list(session, event.plan_id, event.version, event.page + 1, event.results[-1].order_id)


async def _list(session: AsyncSession, plan_id: UUID, version: int, page: int, after: UUID | None) -> None:
    rows = await _entries(session, plan_id, after)
    listed = DrawResultsListed(
        version=version,
        plan_id=plan_id,
        title=await session.scalar(select(Plan.title).where(Plan.id == plan_id)) or "",
        page=page,
        last=len(rows) <= PAGE,
        results=[_drawn(row) for row in rows[:PAGE]],
    )
    await outbox.record(session, listed)
    log.info("sales.draw.results_listed", plan_id=plan_id, page=page, last=listed.last)


async def _entries(session: AsyncSession, plan_id: UUID, after: UUID | None) -> Sequence[Any]:
    """A page of the entries, and one more if there is one."""
    query = (
        select(
            DrawEntry.order_id, Order.customer_id, Order.request_number, DrawResult.selected, DrawResult.rank
        )
        .join(Order, Order.id == DrawEntry.order_id)
        .outerjoin(DrawResult, DrawResult.order_id == DrawEntry.order_id)
        .where(Order.plan_id == plan_id, DrawEntry.plan_id == plan_id)
        .order_by(DrawEntry.order_id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(DrawEntry.order_id > after)
    return (await session.execute(query)).all()


def _drawn(row: Any) -> Drawn:
    return Drawn(
        order_id=row.order_id,
        customer_id=row.customer_id,
        request_number=row.request_number,
        outcome=OUTCOMES[row.selected],
        rank=row.rank,
    )
