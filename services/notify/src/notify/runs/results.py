"""Whoever entered a draw is told what came of it, once: the pages of its results become a run of messages."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.clock import Clock
from chassis.logging import get_logger
from chassis.messaging import Subscription
from events.sales import Drawn, DrawResultsListed
from notify.messages import service as messages
from notify.messages.service import Draft
from notify.runs.domain import RunKind, RunState
from notify.runs.recipients import entrant_mark
from notify.runs.tables import MessageRun
from notify.templates import service as templates

HELD_FOR = timedelta(days=90)
log = get_logger(__name__)


class Results:
    """The handler of the queue ``notify.bulk``. The draw had four eyes: its run starts by itself.

    Opting out does not concern it: who enters a draw waits for what comes of it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def subscription(self) -> Subscription:
        return Subscription("notify.bulk", {DrawResultsListed: self.list_page})

    async def list_page(self, session: AsyncSession, event: DrawResultsListed) -> None:
        """Pages may come in any order; a run whose pages have all come is listed."""
        run = await self._run_of(session, event)
        run.pages += 1
        if event.last:
            run.pages_total = event.page
        run.listed = run.pages == run.pages_total
        if run.state is RunState.CANCELLED:
            return
        by_template: dict[str, list[Draft]] = defaultdict(list)
        for drawn in event.results:
            draft = self._draft(event, drawn)
            by_template[draft.template].append(draft)
        for name, drafts in sorted(by_template.items()):
            template = await templates.active(session, name)
            await messages.hold(session, run.id, template, drafts, self._clock())
        log.info("notify.run.listed", run_id=str(run.id), page=event.page, whole=run.listed)

    async def _run_of(self, session: AsyncSession, event: DrawResultsListed) -> MessageRun:
        """The plan's, held until the transaction ends."""
        now = self._clock()
        fresh = insert(MessageRun).values(
            id=uuid7(),
            kind=RunKind.DRAW,
            title=event.title,
            state=RunState.RUNNING,
            listed=False,
            plan_id=event.plan_id,
            pages=0,
            created_at=now,
            started_at=now,
        )
        unless_there = fresh.on_conflict_do_nothing(
            index_elements=[MessageRun.plan_id], index_where=MessageRun.plan_id.is_not(None)
        )
        await session.execute(unless_there)
        held = select(MessageRun).where(MessageRun.plan_id == event.plan_id).with_for_update()
        return (await session.scalars(held)).one()

    def _draft(self, event: DrawResultsListed, drawn: Drawn) -> Draft:
        known = {"title": event.title, "request_number": drawn.request_number, "rank": drawn.rank}
        return Draft(
            template=f"draw_{drawn.outcome}",
            source_id=entrant_mark(event.plan_id, drawn.order_id),
            expires_at=self._clock() + HELD_FOR,
            customer_id=drawn.customer_id,
            order_id=drawn.order_id,
            params={name: value for name, value in known.items() if value is not None},
        )
