"""The sales manager's routes to plans."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.errors import FieldError, preferred_language
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.orders import queries as orders
from sales.plans import queries, service
from sales.plans.api import TheCatalogue
from sales.plans.catalogue import Catalogue, as_published
from sales.plans.commands import Handover, PlanCopy, PlanDraft
from sales.plans.domain import Stage
from sales.plans.staff_views import StaffPlanView
from sales.plans.tables import Plan
from sales.plans.trail import Deed, note
from sales.plans.views import PlanView

router = APIRouter(tags=["staff: plans"], prefix="/staff/plans")
Writer = Annotated[Principal, Depends(permitted("plans.write"))]
Reader = Annotated[Principal, Depends(permitted("plans.read"))]


class WatchedPlan(StaffPlanView):
    """``orders`` counts the plan's orders by state."""

    orders: dict[str, int]


class Fault(BaseModel):
    field: str
    code: str
    message: str


class Judged(BaseModel):
    """A plan is publishable when it has no faults."""

    publishable: bool
    faults: list[Fault]

    @classmethod
    def of(cls, found: Sequence[FieldError], request: Request) -> "Judged":
        language = preferred_language(request.headers.get("accept-language"))
        faults = [
            Fault(field=each.field, code=each.code, message=each.message.in_language(language))
            for each in found
        ]
        return cls(publishable=not faults, faults=faults)


class Preview(Judged):
    page: PlanView


class StaffPlanList(BaseModel):
    items: list[StaffPlanView]
    next_cursor: UUID | None


Move = Callable[[AsyncSession, datetime], Awaitable[Plan]]


@dataclass(frozen=True)
class Mover:
    """Moves a plan to its next stage on behalf of ``writer``."""

    db: Database
    catalogue: Catalogue
    writer: Principal
    client: str

    async def __call__(self, deed: Deed, move: Move) -> StaffPlanView:
        """Commits, then lets this process' public see it at once; the others follow by themselves."""
        now = self.catalogue.now()
        async with self.db.transaction() as session:
            plan = await move(session, now)
            await note(session, deed, plan, self.writer, self.client, now)
            view = StaffPlanView.of(plan, now)
        await self.catalogue.refresh()
        return view


async def mover(writer: Writer, db: Db, catalogue: TheCatalogue, client: ClientNetwork) -> Mover:
    return Mover(db, catalogue, writer, client)


Moving = Annotated[Mover, Depends(mover)]


@router.post("", status_code=201, summary="Draft a plan")
async def draft_plan(
    command: PlanDraft,
    writer: Writer,
    db: Db,
    catalogue: TheCatalogue,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> StaffPlanView:
    async with db.transaction() as session:

        async def draft() -> StaffPlanView:
            plan = await service.draft(session, command, writer.subject)
            await note(session, "drafted", plan, writer, client, catalogue.now())
            return StaffPlanView.of(plan, catalogue.now())

        return await once(session, key, f"{writer.subject} draft plan", command, StaffPlanView, draft)


@router.get("", summary="List all plans, newest first")
async def list_plans(
    _: Reader, db: Db, catalogue: TheCatalogue, cursor: Annotated[UUID | None, Query()] = None
) -> StaffPlanList:
    async with db.transaction() as session:
        rows = await queries.of_staff(session, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return StaffPlanList(
        items=[StaffPlanView.of(row, catalogue.now()) for row in rows], next_cursor=following
    )


@router.get("/{plan_id}", summary="Watch a plan")
async def watch_plan(plan_id: UUID, _: Reader, db: Db, catalogue: TheCatalogue) -> WatchedPlan:
    async with db.transaction() as session:
        plan = await queries.find(session, plan_id)
        counted = await orders.count_by_state(session, plan_id)
        return WatchedPlan(**StaffPlanView.of(plan, catalogue.now()).model_dump(), orders=counted)


@router.put("/{plan_id}", summary="Rewrite a draft")
async def rewrite_plan(
    plan_id: UUID,
    command: PlanDraft,
    writer: Writer,
    db: Db,
    catalogue: TheCatalogue,
    client: ClientNetwork,
) -> StaffPlanView:
    async with db.transaction() as session:
        plan = await service.rewrite(session, plan_id, command)
        await note(session, "rewritten", plan, writer, client, catalogue.now())
        return StaffPlanView.of(plan, catalogue.now())


@router.post("/validation", summary="Say what is wrong with a plan, without writing it")
async def validate_plan(
    command: PlanDraft, _: Writer, db: Db, catalogue: TheCatalogue, request: Request
) -> Judged:
    async with db.transaction() as session:
        found = await service.faults_of_form(session, command, catalogue.now())
    return Judged.of(found, request)


@router.post("/{plan_id}/copy", status_code=201, summary="Draft a plan from an earlier one")
async def copy_plan(
    plan_id: UUID,
    command: PlanCopy,
    writer: Writer,
    db: Db,
    catalogue: TheCatalogue,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> StaffPlanView:
    async with db.transaction() as session:

        async def copy() -> StaffPlanView:
            plan = await service.copy(session, plan_id, command, writer.subject)
            await note(session, "copied", plan, writer, client, catalogue.now())
            return StaffPlanView.of(plan, catalogue.now())

        scope = f"{writer.subject} copy plan {plan_id}"
        return await once(session, key, scope, command, StaffPlanView, copy)


@router.get("/{plan_id}/preview", summary="See a plan as the public will")
async def preview_plan(
    plan_id: UUID, _: Reader, db: Db, catalogue: TheCatalogue, request: Request
) -> Preview:
    now = catalogue.now()
    async with db.transaction() as session:
        plan = await queries.find(session, plan_id)
        found = await service.faults(session, plan, now) if plan.stage == Stage.DRAFT else []
        page = await as_published(session, plan)
    return Preview(page=PlanView.of(page, now), **Judged.of(found, request).model_dump())


@router.post("/{plan_id}/pause", summary="Stop the sale of a plan")
async def pause_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("paused", lambda session, _: service.pause(session, plan_id))


@router.post("/{plan_id}/resume", summary="Let a paused plan sell again")
async def resume_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("resumed", lambda session, _: service.resume(session, plan_id))


@router.post("/{plan_id}/handover", summary="Hand the unused seats of the other classes to one")
async def hand_over(plan_id: UUID, command: Handover, moving: Moving) -> StaffPlanView:
    return await moving("handed_over", lambda session, _: service.hand_over(session, plan_id, command.to))


@router.post("/{plan_id}/publication", summary="Publish a draft")
async def publish_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("published", lambda session, now: service.publish(session, plan_id, now))


@router.post("/{plan_id}/closure", summary="Close an open plan now")
async def close_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("closed", lambda session, now: service.close(session, plan_id, now))


@router.post("/{plan_id}/archive", summary="Take a plan out of the public list")
async def archive_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("archived", lambda session, _: service.archive(session, plan_id))
