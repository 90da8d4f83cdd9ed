"""Writing, publishing and closing plans."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import FieldError, NotFound
from chassis.logging import get_logger
from sales.capacity import counters
from sales.plans import queries
from sales.plans.commands import PlanCopy, PlanDraft
from sales.plans.domain import (
    CircularTaken,
    IllegalPlanMove,
    PlanAlreadyOver,
    PlanFaulty,
    PlanJustOpened,
    Stage,
    moved,
    state_at,
)
from sales.plans.drafts import draft_of, fill
from sales.plans.faults import faults_of
from sales.plans.tables import Plan, Quota

log = get_logger(__name__)


async def draft(session: AsyncSession, command: PlanDraft, author: UUID) -> Plan:
    """Writes a new draft; raises ``CircularTaken``."""
    plan = Plan(id=uuid7(), stage=Stage.DRAFT, created_by=author, version=1)
    fill(plan, command)
    session.add(plan)
    await _flush(session)
    log.info("sales.plan.drafted", plan_id=plan.id, by=author)
    return plan


async def rewrite(session: AsyncSession, plan_id: UUID, command: PlanDraft) -> Plan:
    """Replaces a draft; raises ``IllegalPlanMove`` once it is published."""
    plan = await locked(session, plan_id)
    if plan.stage != Stage.DRAFT:
        raise IllegalPlanMove(move="rewrite")
    plan.offerings.clear()
    await session.flush()
    fill(plan, command)
    plan.version += 1
    await _flush(session)
    return plan


async def copy(session: AsyncSession, plan_id: UUID, command: PlanCopy, author: UUID) -> Plan:
    """A new draft with the terms of an earlier plan; raises ``NotFound``, ``CircularTaken``."""
    original = await queries.find(session, plan_id)
    changes = command.model_dump(exclude_none=True)
    if original.quota_handover_at is not None:
        changes["quota_handover_at"] = command.opens_at + (original.quota_handover_at - original.opens_at)
    copied = await draft(session, draft_of(original, **changes), author)
    copied.copied_from = original.id
    await session.flush()
    return copied


async def faults(session: AsyncSession, plan: Plan, now: datetime) -> list[FieldError]:
    """What keeps a draft from being published."""
    form = draft_of(plan)
    return faults_of(form, await queries.surroundings(session, form, now, plan))


async def faults_of_form(session: AsyncSession, form: PlanDraft, now: datetime) -> list[FieldError]:
    """What would keep it from being published, were it written now."""
    return faults_of(form, await queries.surroundings(session, form, now))


async def publish(session: AsyncSession, plan_id: UUID, now: datetime) -> Plan:
    """Makes a draft public; raises ``PlanAlreadyOver`` when nobody could order any more, ``PlanFaulty``."""
    plan = await locked(session, plan_id)
    stage = moved(plan.stage, "publish")
    if plan.closes_at <= now:
        raise PlanAlreadyOver
    if found := await faults(session, plan, now):
        raise PlanFaulty(errors=found)
    return _move(plan, stage)


async def hand_over(session: AsyncSession, plan_id: UUID, to: str) -> Plan:
    """Gives the seats that the other classes have not used to one that the plan names for it.

    Raises ``IllegalPlanMove`` for a draft, a drawn plan (the draw does it) or another class.
    """
    plan = await locked(session, plan_id)
    if plan.stage != Stage.PUBLISHED or plan.method != "first_come" or to not in plan.quota_handover:
        raise IllegalPlanMove(move="hand over")
    offering_ids = [car.id for car in plan.offerings]
    moved_seats = await counters.hand_over(session, offering_ids, to)
    plan.version += 1
    log.info("sales.plan.handed_over", plan_id=plan.id, to=to, seats=moved_seats)
    seen_anew = select(Quota).where(Quota.offering_id.in_(offering_ids))
    await session.execute(seen_anew, execution_options={"populate_existing": True})
    return plan


async def hand_over_due(session: AsyncSession, now: datetime) -> bool:
    """Hands the seats of one open plan on whose time for it has come, to the first class that it names."""
    is_due = Plan.handed_over_at.is_(None) & (Plan.quota_handover_at <= now) & (Plan.closes_at > now)
    query = select(Plan).where(is_due, Plan.stage == Stage.PUBLISHED).order_by(Plan.quota_handover_at)
    plan = await session.scalar(query.limit(1).with_for_update(skip_locked=True))
    if plan is None:
        return False
    await hand_over(session, plan.id, plan.quota_handover[0])
    plan.handed_over_at = now
    return True


async def pause(session: AsyncSession, plan_id: UUID) -> Plan:
    """Stops the sale of a published plan until it is resumed; its clock goes on."""
    return await _set_paused(session, plan_id, paused=True)


async def resume(session: AsyncSession, plan_id: UUID) -> Plan:
    """Lets a paused plan sell again."""
    return await _set_paused(session, plan_id, paused=False)


async def close(session: AsyncSession, plan_id: UUID, now: datetime) -> Plan:
    """Ends an open plan now instead of at its time."""
    plan = await locked(session, plan_id)
    if state_at(plan.stage, plan.opens_at, plan.closes_at, now) != "open":
        raise IllegalPlanMove(move="close")
    if plan.opens_at == now:
        raise PlanJustOpened
    plan.closes_at = now
    return _move(plan, Stage(plan.stage))


async def archive(session: AsyncSession, plan_id: UUID) -> Plan:
    """Takes a published plan out of the public list."""
    plan = await locked(session, plan_id)
    return _move(plan, moved(plan.stage, "archive"))


async def _set_paused(session: AsyncSession, plan_id: UUID, *, paused: bool) -> Plan:
    plan = await locked(session, plan_id)
    if plan.stage != Stage.PUBLISHED or plan.paused == paused:
        raise IllegalPlanMove(move="pause" if paused else "resume")
    plan.paused = paused
    plan.version += 1
    log.info(f"sales.plan.{'paused' if paused else 'resumed'}", plan_id=plan.id)
    return plan


def _move(plan: Plan, stage: Stage) -> Plan:
    plan.stage = stage
    plan.version += 1
    log.info("sales.plan.moved", plan_id=plan.id, stage=stage, closes_at=plan.closes_at.isoformat())
    return plan


async def locked(session: AsyncSession, plan_id: UUID) -> Plan:
    """Raises ``NotFound``."""
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
