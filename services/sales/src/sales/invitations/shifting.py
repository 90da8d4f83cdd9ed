"""A day that turns out to be none of work puts off the deadlines it lies in; each shift is written down."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import BillPostponed, InvitationPostponed
from iran import WorkingCalendar, start_of_day, working_deadline
from sales.invitations import queries
from sales.invitations.domain import InvitationState, postponed
from sales.invitations.tables import Invitation, InvitationShift
from sales.orders import queries as placed
from sales.orders.moving import identity
from sales.orders.tables import Order
from sales.working_days.queries import calendar
from sales.working_days.tables import CalendarOverride

SHIFT_BATCH = 200
log = get_logger(__name__)


async def advance(session: AsyncSession, now: datetime) -> bool:
    """One batch of the oldest override that was not gone through; False when there is none."""
    waiting = select(CalendarOverride).where(CalendarOverride.applied_at.is_(None))
    oldest = waiting.order_by(CalendarOverride.created_at).limit(1).with_for_update(skip_locked=True)
    override = await session.scalar(oldest)
    if override is None:
        return False
    batch = await _affected(session, override) if override.scope == "bank" else []
    for order, invitation in await _locked(session, batch):
        await _shift(session, order, invitation, override, await calendar(session), now)
    if len(batch) < SHIFT_BATCH:
        override.applied_at = now
    else:
        override.applied_after = batch[-1][0]
    return True


async def _affected(session: AsyncSession, override: CalendarOverride) -> Sequence[tuple[UUID, UUID]]:
    """Invitations that end on the day or later, with their orders."""
    query = select(Invitation.id, Invitation.order_id).where(
        Invitation.state == InvitationState.ISSUED, Invitation.due_at > start_of_day(override.day)
    )
    if override.applied_after is not None:
        query = query.where(Invitation.id > override.applied_after)
    rows = await session.execute(query.order_by(Invitation.id).limit(SHIFT_BATCH))
    return [(row.id, row.order_id) for row in rows]


async def _locked(
    session: AsyncSession, batch: Sequence[tuple[UUID, UUID]]
) -> Sequence[tuple[Order, Invitation]]:
    """Those of the batch that are still issued once their orders are locked."""
    orders = await placed.locked(session, [order_id for _, order_id in batch])
    issued = await queries.issued_for(session, [order.id for order in orders])
    return [(order, issued[order.id]) for order in orders if order.id in issued]


async def _shift(
    session: AsyncSession,
    order: Order,
    invitation: Invitation,
    override: CalendarOverride,
    worked: WorkingCalendar,
    now: datetime,
) -> None:
    before = invitation.due_at
    after = postponed(before, working_deadline(invitation.issued_at, invitation.working_days, worked))
    if after == before:
        return
    invitation.due_at = order.pay_before = after
    order.version += 1
    session.add(
        InvitationShift(
            invitation_id=invitation.id,
            shifted_at=now,
            day=override.day,
            due_before=before,
            due_after=after,
        )
    )
    await outbox.record(session, *_events(order, invitation))
    log.info("sales.invitation.postponed", invitation_id=invitation.id, order_id=order.id)


def _events(order: Order, invitation: Invitation) -> tuple[BillPostponed, InvitationPostponed]:
    bill = BillPostponed(
        version=2,
        bill_id=invitation.bill_id,
        order_id=order.id,
        customer_id=order.customer_id,
        due_at=invitation.due_at,
    )
    told = InvitationPostponed(
        **identity(order),
        invitation_id=invitation.id,
        invitation_number=invitation.number,
        due_at=invitation.due_at,
    )
    return bill, told
