"""Whoever was drawn is invited without anybody asking for it."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.logging import get_logger
from events.sales import DrawHeld
from sales.draws.tables import Draw
from sales.invitations import runs
from sales.invitations.domain import InvitationRunning
from sales.invitations.runs import Scope

log = get_logger(__name__)


async def on_draw_held(session: AsyncSession, event: DrawHeld, *, clock: Clock) -> None:
    """Starts the run of invitations in the name of who started the draw, unless staff were faster."""
    draw = await session.get_one(Draw, event.plan_id)
    assert draw.confirmed_by is not None, "a draw is started by two people"
    try:
        await runs.start(session, Scope(event.plan_id, "prepayment"), draw.confirmed_by, clock())
    except InvitationRunning:
        log.info("sales.invitation_run.under_way", plan_id=event.plan_id)
