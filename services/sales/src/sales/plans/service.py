"""Writing, publishing and closing plans."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.logging import get_logger
from sales.plans.commands import PlanDraft
from sales.plans.domain import CircularTaken, IllegalPlanMove, PlanAlreadyOver, Stage, moved, state_at
from sales.plans.tables import Offering, Plan

PLAN_FIELDS = (
    "circular",
    "title",
    "kind",
    "method",
    "opens_at",
    "closes_at",
    "pay_within",
    "minimum_age",
    "required_inquiries",
)
log = get_logger(__name__)


async def draft(session: AsyncSession, command: PlanDraft, author: UUID) -> Plan:
    """Writes a new draft; raises ``CircularTaken``."""
    plan = Plan(id=uuid7(), stage=Stage.DRAFT, created_by=author, version=1)
    _fill(plan, command)
    session.add(plan)
    await _flush(session)
    log.info("sales.plan.drafted", plan_id=plan.id, by=author)
    return plan


async def rewrite(session: AsyncSession, plan_id: UUID, command: PlanDraft) -> Plan:
    """Replaces a draft; raises ``IllegalPlanMove`` once it is published."""
    plan = await _locked(session, plan_id)
    if plan.stage != Stage.DRAFT:
        raise IllegalPlanMove(move="rewrite")
    plan.offerings.clear()
    await session.flush()
    _fill(plan, command)
    plan.version += 1
    await _flush(session)
    return plan


async def publish(session: AsyncSession, plan_id: UUID, now: datetime) -> Plan:
    """Makes a draft public; raises ``PlanAlreadyOver`` when nobody could order any more."""
    plan = await _locked(session, plan_id)
    stage = moved(plan.stage, "publish")
    if plan.closes_at <= now:
        raise PlanAlreadyOver
    return _move(plan, stage)


async def close(session: AsyncSession, plan_id: UUID, now: datetime) -> Plan:
    """Ends an open plan now instead of at its time."""
    plan = await _locked(session, plan_id)
    if state_at(plan.stage, plan.opens_at, plan.closes_at, now) != "open":
        raise IllegalPlanMove(move="close")
    plan.closes_at = now
    return _move(plan, Stage(plan.stage))


async def archive(session: AsyncSession, plan_id: UUID) -> Plan:
    """Takes a published plan out of the public list."""
    plan = await _locked(session, plan_id)
    return _move(plan, moved(plan.stage, "archive"))


def _move(plan: Plan, stage: Stage) -> Plan:
    plan.stage = stage
    plan.version += 1
    log.info("sales.plan.moved", plan_id=plan.id, stage=stage, closes_at=plan.closes_at.isoformat())
    return plan


async def _locked(session: AsyncSession, plan_id: UUID) -> Plan:
    plan = await session.scalar(select(Plan).where(Plan.id == plan_id).with_for_update())
    if plan is None:
        raise NotFound
    return plan


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        if "circular" in str(error.orig):
            raise CircularTaken from error
        raise


def _fill(plan: Plan, command: PlanDraft) -> None:
    for name in PLAN_FIELDS:
        setattr(plan, name, getattr(command, name))
    plan.offerings = [
        Offering(id=uuid7(), position=position, sold=0, **offering.model_dump())
        for position, offering in enumerate(command.offerings)
    ]
