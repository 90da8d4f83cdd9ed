"""Reads of plans."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.dealerships.tables import Dealership
from sales.plans.commands import PlanDraft
from sales.plans.domain import Stage
from sales.plans.faults import Sibling, Surroundings
from sales.plans.tables import Plan
from sales.rules.tables import RuleSet

PAGE = 50


async def published(session: AsyncSession) -> Sequence[Plan]:
    """Every plan that the public can see, soonest opening first."""
    query = select(Plan).where(Plan.stage == Stage.PUBLISHED).order_by(Plan.opens_at, Plan.id)
    return (await session.scalars(query)).all()


async def of_staff(session: AsyncSession, before: UUID | None) -> Sequence[Plan]:
    """A page of all plans, newest first, those older than ``before``."""
    query = select(Plan).order_by(Plan.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Plan.id < before)
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, plan_id: UUID) -> Plan:
    """Raises ``NotFound``."""
    plan = await session.get(Plan, plan_id)
    if plan is None:
        raise NotFound
    return plan


async def surroundings(
    session: AsyncSession, draft: PlanDraft, now: datetime, plan: Plan | None = None
) -> Surroundings:
    """What else decides whether ``draft`` may be published, as ``plan`` if it is written already."""
    taken = await session.scalar(select(Plan.id).where(Plan.circular == draft.circular))
    named = {dealership for car in draft.offerings for dealership in car.dealership_quotas}
    known = await session.scalars(select(Dealership.id).where(Dealership.id.in_(named), Dealership.active))
    return Surroundings(
        now=now,
        circular_taken=taken is not None and (plan is None or taken != plan.id),
        dealerships=frozenset(known),
        rule_set=await _validity(session, draft.rule_set_id),
        siblings=await _siblings(session, plan) if plan is not None else (),
    )


async def _validity(session: AsyncSession, rule_set_id: UUID | None) -> tuple[date, date | None] | None:
    row = await session.get(RuleSet, rule_set_id) if rule_set_id is not None else None
    return (row.valid_from, row.valid_until) if row is not None else None


async def _siblings(session: AsyncSession, plan: Plan) -> list[Sibling]:
    """The published plans that ``plan`` was copied from or with, or that were copied from it."""
    kin: ColumnElement[bool] = Plan.copied_from == plan.id
    if plan.copied_from is not None:
        kin = kin | (Plan.id == plan.copied_from) | (Plan.copied_from == plan.copied_from)
    query = select(Plan).where(kin, Plan.id != plan.id, Plan.stage == Stage.PUBLISHED)
    return [
        Sibling(row.opens_at, row.closes_at, frozenset((car.model, car.trim) for car in row.offerings))
        for row in await session.scalars(query)
    ]
