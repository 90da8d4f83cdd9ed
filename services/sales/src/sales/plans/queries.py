"""Reads of plans."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.plans.domain import Stage
from sales.plans.tables import Plan

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
