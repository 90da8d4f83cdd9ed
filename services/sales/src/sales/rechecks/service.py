"""Checking the buyers of a plan again: who fails loses the order. Staff ask for it when lists came in; once
the plan of a draw has closed it starts by itself.

A run is a row that a job takes forward in batches, so that a crash goes on where it was. Only an answer
voids: what is not known is counted and left alone.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import SQLColumnExpression, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from sales.draws.domain import UNFROZEN
from sales.draws.tables import Draw
from sales.eligibility.tables import Recheck
from sales.orders.domain import BEFORE_DELIVERY
from sales.orders.tables import Order
from sales.plans.tables import Plan
from sales.rechecks.judging import Buyer, Void, failed, judge_buyers

BATCH = 500
log = get_logger(__name__)


class RecheckRunning(Problem):
    status = 409
    code = "recheck_running"
    fa = "بررسی دوباره‌ی این طرح در جریان است."
    en = "The buyers of this plan are being checked again already."


async def start(session: AsyncSession, plan_id: UUID, by: UUID | None, now: datetime) -> Recheck:
    """Writes the run down; raises ``NotFound``, or ``RecheckRunning`` while another one is under way.

    ``by`` is None for what starts by itself.
    """
    if await session.get(Plan, plan_id) is None:
        raise NotFound
    total = await session.scalar(select(func.count()).select_from(Order).where(*_waiting(plan_id, None)))
    run_id = uuid7()
    written = await session.execute(
        insert(Recheck)
        .values(
            id=run_id,
            plan_id=plan_id,
            requested_by=by,
            requested_at=now,
            total=total,
            checked=0,
            unknown=0,
            voided=0,
        )
        .on_conflict_do_nothing()
        .returning(Recheck.id)
    )
    if written.first() is None:
        raise RecheckRunning
    log.info("sales.recheck.started", recheck_id=run_id, plan_id=plan_id)
    return await session.get_one(Recheck, run_id)


async def start_due(session: AsyncSession, now: datetime) -> bool:
    """Starts the check of the entrants of one draw whose plan has closed; whether there was one."""
    since = exists().where(Recheck.plan_id == Plan.id, Recheck.requested_at >= Plan.closes_at)
    running = exists().where(Recheck.plan_id == Plan.id, Recheck.finished_at.is_(None))
    query = (
        select(Plan.id)
        .join(Draw, Draw.plan_id == Plan.id)
        .where(Draw.stage.in_(UNFROZEN), Plan.closes_at <= now, ~since, ~running)
        .order_by(Plan.closes_at)
        .limit(1)
        .with_for_update(of=Draw, skip_locked=True)
    )
    plan_id = await session.scalar(query)
    if plan_id is None:
        return False
    with suppress(RecheckRunning):
        await start(session, plan_id, None, now)
    return True


async def latest(session: AsyncSession, plan_id: UUID) -> Recheck:
    """The last run of the plan; raises ``NotFound``."""
    query = select(Recheck).where(Recheck.plan_id == plan_id).order_by(Recheck.id.desc()).limit(1)
    found = await session.scalar(query)
    if found is None:
        raise NotFound
    return found


async def advance(session: AsyncSession, now: datetime, void: Void) -> bool:
    """One batch of the oldest run; False when none is under way, or another worker has it."""
    unfinished = select(Recheck).where(Recheck.finished_at.is_(None)).order_by(Recheck.id).limit(1)
    run = await session.scalar(unfinished.with_for_update(skip_locked=True))
    if run is None:
        return False
    orders = await _next(session, run)
    if orders:
        await _check(session, run, orders, now, void)
    if len(orders) < BATCH:
        run.finished_at = now
        log.info("sales.recheck.finished", recheck_id=run.id, checked=run.checked, voided=run.voided)
    return True


async def _next(session: AsyncSession, run: Recheck) -> Sequence[Order]:
    query = select(Order).where(*_waiting(run.plan_id, run.last_customer_id))
    return (await session.scalars(query.order_by(Order.customer_id).limit(BATCH))).all()


def _waiting(plan_id: UUID, after: UUID | None) -> list[SQLColumnExpression[bool]]:
    """The live orders of the plan, by their persons: the index of one order per person has them so."""
    conditions: list[SQLColumnExpression[bool]] = [
        Order.plan_id == plan_id,
        Order.live,
        Order.state.in_(sorted(BEFORE_DELIVERY)),
    ]
    return conditions if after is None else [*conditions, Order.customer_id > after]


async def _check(
    session: AsyncSession, run: Recheck, orders: Sequence[Order], now: datetime, void: Void
) -> None:
    buyers = [Buyer(order.id, order.customer_id, order.applicant_class) for order in orders]
    verdicts = await judge_buyers(session, run.plan_id, buyers, "recheck", now)
    for rule, order_ids in failed(verdicts).items():
        run.voided += await void(session, order_ids, rule, now)
    run.unknown += sum(any(not each.known for each in found) for found in verdicts.values())
    run.checked += len(orders)
    run.last_customer_id = orders[-1].customer_id
