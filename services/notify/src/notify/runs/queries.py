"""How far runs have come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from notify.lanes import service as lanes
from notify.messages.domain import Lane, State
from notify.messages.tables import Message
from notify.runs.domain import QuietHours, RunState
from notify.runs.tables import MessageRun, RunRules

PAGE = 50
WAITING, UNDER_WAY = "waiting", "under_way"
FIGURES = (
    "recipients",
    WAITING,
    UNDER_WAY,
    *(state for state in State if state not in (State.QUEUED, State.SENDING)),
)
"""``waiting`` are held back by the run, ``under_way`` are about to be sent; the others are states."""

Obstacle = Literal["quiet_hours", "budget"]


async def page(session: AsyncSession, before: UUID | None) -> Sequence[MessageRun]:
    """Newest first."""
    query = select(MessageRun).order_by(MessageRun.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(MessageRun.id < before)
    return (await session.scalars(query)).all()


async def figures(session: AsyncSession, run: MessageRun) -> dict[str, int]:
    """As they are now; a run that is over may still hear of deliveries."""
    held = Message.next_attempt_at.is_(None)
    query = (
        select(Message.state, held, func.count())
        .where(Message.run_id == run.id)
        .group_by(Message.state, held)
    )
    counted = dict.fromkeys(map(str, FIGURES), 0)
    for state, is_held, number in await session.execute(query):
        counted[_figure(state, held=is_held)] += number
        counted["recipients"] += number
    return counted


def _figure(state: State, *, held: bool) -> str:
    if state is State.QUEUED:
        return WAITING if held else UNDER_WAY
    return UNDER_WAY if state is State.SENDING else state.value


async def rules(session: AsyncSession) -> RunRules:
    return (await session.scalars(select(RunRules))).one()


async def obstacle(session: AsyncSession, run: MessageRun, now: datetime) -> Obstacle | None:
    """Why a run that is running does not go on now."""
    if run.state is not RunState.RUNNING:
        return None
    row = await rules(session)
    if QuietHours(row.quiet_from, row.quiet_until).include(now):
        return "quiet_hours"
    budget = await lanes.budget(session, Lane.BULK, now)
    return "budget" if budget.used >= 1 else None
