"""Inviting many at once: the drawn of a plan, or the contracts whose cars are due in a period.

A run is a row; a job takes it forward in batches, so that a crash goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from iran import tehran_date
from sales.capacity import counters
from sales.contracts.tables import Contract
from sales.invitations import drawn, queries
from sales.invitations.domain import InvitationRunning, Purpose
from sales.invitations.issuing import Issuer, rest_of
from sales.invitations.reserve import invite, promote
from sales.invitations.tables import InvitationRun
from sales.orders import queries as placed
from sales.orders.domain import OrderState
from sales.orders.received import received_sums
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.working_days.queries import calendar

RUN_BATCH = 200
log = get_logger(__name__)


@dataclass(frozen=True)
class Scope:
    """Whom to invite: all that were drawn, or who waits for a car due between two days."""

    plan_id: UUID
    purpose: Purpose
    offering_id: UUID | None = None
    delivered_from: date | None = None
    delivered_until: date | None = None

    def includes(self, due: date | None) -> bool:
        """Whether a car due on this day (None: nothing was promised) is meant."""
        if self.delivered_from is None and self.delivered_until is None:
            return True
        if due is None:
            return False
        return (self.delivered_from or due) <= due <= (self.delivered_until or due)


async def start(session: AsyncSession, scope: Scope, by: UUID, now: datetime) -> InvitationRun:
    """Writes the run down; raises ``InvitationRunning`` while another one of the plan is under way."""
    run_id = uuid7()
    values = {"id": run_id, "requested_by": by, "requested_at": now, "issued": 0, "skipped": 0}
    written = await session.execute(
        insert(InvitationRun)
        .values(**values, **vars(scope))
        .on_conflict_do_nothing()
        .returning(InvitationRun.id)
    )
    if written.first() is None:
        raise InvitationRunning
    log.info("sales.invitation_run.started", run_id=run_id, plan_id=scope.plan_id, purpose=scope.purpose)
    return await session.get_one(InvitationRun, run_id)


async def advance(session: AsyncSession, now: datetime) -> bool:
    """One batch of the oldest run; False when none is under way, or another worker has it."""
    unfinished = select(InvitationRun).where(InvitationRun.finished_at.is_(None)).order_by(InvitationRun.id)
    run = await session.scalar(unfinished.limit(1).with_for_update(skip_locked=True))
    if run is None:
        return False
    taken = await (_advance_drawn if run.purpose == "prepayment" else _advance_contracts)(session, run, now)
    if taken < RUN_BATCH:
        run.finished_at = now
        log.info("sales.invitation_run.finished", run_id=run.id, issued=run.issued, skipped=run.skipped)
    return True


async def _advance_drawn(session: AsyncSession, run: InvitationRun, now: datetime) -> int:
    """Who was drawn and is not there any more gives the place to the reserve."""
    batch = await drawn.selected(session, run.plan_id, run.position, RUN_BATCH)
    issuer = Issuer(now, await calendar(session))
    await counters.lock(session, {winner.vacancy.offering_id for winner in batch})
    for vacancy, winners in groupby(sorted(batch, key=lambda one: one.vacancy), lambda one: one.vacancy):
        order_ids = [winner.order_id for winner in winners]
        orders = await placed.locked(session, order_ids)
        invited = await invite(session, issuer, orders, vacancy)
        gone = len([order for order in orders if not order.live and await _never_invited(session, order)])
        run.issued += len(invited) + await promote(session, vacancy, gone, issuer)
        run.skipped += len(order_ids) - len(invited)
    if batch:
        run.position = batch[-1].order_id
    return len(batch)


async def _never_invited(session: AsyncSession, order: Order) -> bool:
    return await queries.latest(session, order.id) is None


async def _advance_contracts(session: AsyncSession, run: InvitationRun, now: datetime) -> int:
    order_ids = await _contracts(session, run)
    orders = await placed.locked(session, order_ids)
    received = await received_sums(session, order_ids)
    invited = await queries.issued_for(session, order_ids)
    activated = await _activation_days(session, order_ids)
    scope = Scope(run.plan_id, "principal", run.offering_id, run.delivered_from, run.delivered_until)
    issuer = Issuer(now, await calendar(session))
    for order in orders:
        amount = rest_of(order, received[order.id])
        meant = scope.includes(delivery_day(order, activated[order.id]))
        if order.state == OrderState.CONTRACT_ACTIVE and order.id not in invited and meant and amount > 0:
            await issuer.issue(session, order, "principal", amount)
            run.issued += 1
        else:
            run.skipped += 1
    if orders:
        run.position = orders[-1].id
    return len(order_ids)


async def _contracts(session: AsyncSession, run: InvitationRun) -> Sequence[UUID]:
    query = select(Order.id).where(Order.plan_id == run.plan_id, Order.state == OrderState.CONTRACT_ACTIVE)
    if run.offering_id is not None:
        query = query.where(Order.offering_id == run.offering_id)
    if run.position is not None:
        query = query.where(Order.id > run.position)
    return (await session.scalars(query.order_by(Order.id).limit(RUN_BATCH))).all()


async def _activation_days(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, date]:
    rows = await session.execute(
        select(Contract.order_id, Contract.activated_at).where(Contract.order_id.in_(order_ids))
    )
    return {row.order_id: tehran_date(row.activated_at) for row in rows}


def delivery_day(order: Order, activated: date) -> date | None:
    """The last day on which the car was promised, None when none was."""
    delivery = terms_of(order).delivery
    if delivery.until_date is None and delivery.days is not None:
        return activated + timedelta(days=delivery.days)
    return delivery.until_date
