"""Reads of draws."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.draws.domain import UNFROZEN, Reading, Values
from sales.draws.tables import Draw, DrawEntry, DrawFile, DrawResult, DrawValue
from sales.eligibility.tables import Recheck
from sales.orders.tables import Order
from sales.plans.domain import Stage as PlanStage
from sales.plans.tables import Plan

PAGE = 50


async def plan_with_draw(session: AsyncSession, plan_id: UUID) -> Plan:
    """A plan that the public knows and whose cars are drawn; raises ``NotFound`` for any other."""
    plan = await session.get(Plan, plan_id)
    if plan is None or plan.method != "draw" or plan.stage == PlanStage.DRAFT:
        raise NotFound
    return plan


async def public_plans(session: AsyncSession, before: UUID | None) -> Sequence[Plan]:
    """A page of the plans with a draw, newest first."""
    query = select(Plan).where(Plan.method == "draw", Plan.stage != PlanStage.DRAFT)
    if before is not None:
        query = query.where(Plan.id < before)
    return (await session.scalars(query.order_by(Plan.id.desc()).limit(PAGE))).all()


async def by_plan(session: AsyncSession, plan_ids: Sequence[UUID]) -> Mapping[UUID, Draw]:
    rows = await session.scalars(select(Draw).where(Draw.plan_id.in_(plan_ids)))
    return {draw.plan_id: draw for draw in rows}


async def values(session: AsyncSession, draw: Draw) -> Values:
    """What was entered in the present attempt."""
    query = select(DrawValue).where(DrawValue.plan_id == draw.plan_id, DrawValue.attempt == draw.attempt)
    rows = await session.scalars(query)
    return {(row.kind, row.name, row.alternative): Reading(row.value, row.evidence) for row in rows}


async def count_waiting(session: AsyncSession, plan_id: UUID) -> int:
    """Orders that wait for this draw, which is not held yet: no other order of the plan is live.

    An index tells it; the states of millions of orders would have to be read one by one.
    """
    query = select(func.count()).where(Order.plan_id == plan_id, Order.live)
    return await session.scalar(query) or 0


async def is_rechecked(session: AsyncSession, plan: Plan) -> bool:
    """Whether the entrants were checked again since the plan has closed, and nobody is checking them now."""
    of_plan = Recheck.plan_id == plan.id
    running = exists().where(of_plan, Recheck.finished_at.is_(None))
    since = exists().where(of_plan, Recheck.requested_at >= plan.closes_at)
    return bool(await session.scalar(select(since & ~running)))


async def awaits_freeze(session: AsyncSession, plan_id: UUID) -> bool:
    """Whether the list of a draw's entrants may still change."""
    unfrozen = exists().where(Draw.plan_id == plan_id, Draw.stage.in_(UNFROZEN))
    return bool(await session.scalar(select(unfrozen)))


async def entry_and_result(
    session: AsyncSession, order_id: UUID
) -> tuple[DrawEntry, DrawResult | None, Draw] | None:
    """What the draw has of an order; None for one that takes part in none."""
    query = (
        select(DrawEntry, DrawResult, Draw)
        .join(Draw, Draw.plan_id == DrawEntry.plan_id)
        .outerjoin(DrawResult, DrawResult.order_id == DrawEntry.order_id)
        .where(DrawEntry.order_id == order_id)
    )
    row = (await session.execute(query)).first()
    return (row[0], row[1], row[2]) if row is not None else None


async def part_with(session: AsyncSession, plan_id: UUID, name: str, key: str) -> DrawFile | None:
    """The part of a sorted file in which ``key`` would stand."""
    query = select(DrawFile).where(DrawFile.plan_id == plan_id, DrawFile.name == name, DrawFile.first <= key)
    return (await session.scalars(query.order_by(DrawFile.part.desc()).limit(1))).first()


async def block_roots(session: AsyncSession, plan_id: UUID, name: str) -> Sequence[bytes]:
    query = select(DrawFile.root).where(DrawFile.plan_id == plan_id, DrawFile.name == name)
    return [root for root in await session.scalars(query.order_by(DrawFile.part)) if root is not None]
