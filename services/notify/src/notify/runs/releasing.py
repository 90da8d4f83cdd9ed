"""Hands the messages of runs to the senders, as many at a time as they can do with.

What is handed over is in the database, and so is what is not: whoever dies, another worker goes on. A message
is given to a provider under its own id, which is why nobody is told twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import NotFound
from chassis.imports import store
from chassis.logging import get_logger
from notify.lanes import service as lanes
from notify.messages.bell import Bell
from notify.messages.domain import Lane, State
from notify.messages.tables import HELD, Message
from notify.runs import queries
from notify.runs.domain import QuietHours, RunKind, RunState, moved
from notify.runs.listing import KIND
from notify.runs.tables import MessageRun

BACKLOG = 2_000
"""So many are with the senders at most: what a pause or a cancellation has to take back."""
SOON = timedelta(seconds=30)
NEWS_FOR = timedelta(days=1)
"""A message that could not be sent for this long after it was handed over is not sent any more."""
TYPICAL_PARTS = 2
"""SMS that a text in bulk takes, where the rest of a day's money is shared out."""
log = get_logger(__name__)


class Releaser:
    def __init__(self, database: Database, bell: Bell, clock: Clock) -> None:
        self._database = database
        self._bell = bell
        self._clock = clock

    async def run(self) -> None:
        """One step. The senders have more to do than they can until the next one."""
        async with self._database.transaction() as session:
            await _end_reading(session, self._clock())
            running = select(MessageRun).where(MessageRun.state == RunState.RUNNING).order_by(MessageRun.id)
            runs = (await session.scalars(running.with_for_update(skip_locked=True))).all()
            released = await self._release(session, runs) if runs else 0
        if released:
            self._bell.ring()

    async def _release(self, session: AsyncSession, runs: Sequence[MessageRun]) -> int:
        """From the oldest run on; ends those that have nothing left."""
        now, released = self._clock(), 0
        room = await _room(session, now)
        for run in runs:
            handed = await _hand_over(session, run.id, room - released, now)
            released += handed
            if not handed and run.listed:
                await _end_if_over(session, run, now)
        return released


async def _end_reading(session: AsyncSession, now: datetime) -> None:
    """A run whose file is read waits for its start; one whose file never came is given up."""
    reading = select(MessageRun).where(MessageRun.state == RunState.READING, MessageRun.kind == RunKind.FILE)
    for run in await session.scalars(reading.with_for_update(skip_locked=True)):
        try:
            file = await store.find(session, KIND, run.id)
        except NotFound:
            run.state, run.ended_at = moved(run.state, "cancel"), now
            log.info("notify.run.abandoned", run_id=str(run.id))
            continue
        if file.state in ("done", "failed"):
            run.state, run.listed = moved(run.state, "read"), True
            log.info("notify.run.ready", run_id=str(run.id), rows=file.rows_read)


async def _room(session: AsyncSession, now: datetime) -> int:
    """How many more may be with the senders now."""
    rules = await queries.rules(session)
    if QuietHours(rules.quiet_from, rules.quiet_until).include(now):
        return 0
    due = (
        select(Message.id)
        .where(Message.lane == Lane.BULK, Message.next_attempt_at <= now + SOON)
        .limit(BACKLOG)
        .subquery()
    )
    waiting = await session.scalar(select(func.count()).select_from(due)) or 0
    budget = await lanes.budget(session, Lane.BULK, now)
    paid = budget.parts_left(BACKLOG * TYPICAL_PARTS) // TYPICAL_PARTS
    return max(0, min(BACKLOG, paid) - waiting)


async def _hand_over(session: AsyncSession, run_id: UUID, room: int, now: datetime) -> int:
    if not room:
        return 0
    following = select(Message.id).where(Message.run_id == run_id, HELD).order_by(Message.id).limit(room)
    handed = (
        update(Message)
        .where(Message.id.in_(following.with_for_update(skip_locked=True)))
        .values(next_attempt_at=now, expires_at=now + NEWS_FOR)
        .execution_options(synchronize_session=False)
    )
    result = await session.execute(handed)
    assert isinstance(result, CursorResult)
    return result.rowcount


async def _end_if_over(session: AsyncSession, run: MessageRun, now: datetime) -> None:
    open_states = (State.QUEUED, State.SENDING)
    left = exists().where(Message.run_id == run.id, Message.state.in_(open_states))
    if not await session.scalar(select(left)):
        run.state, run.ended_at = moved(run.state, "finish"), now
        run.figures = await queries.figures(session, run)
        log.info("notify.run.done", run_id=str(run.id), **run.figures)
