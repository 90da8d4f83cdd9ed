"""The sales manager's routes to plans."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.errors import FieldError
from chassis.idempotency import IdempotencyKey
from chassis.language import Language
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.deeds import Deeds
from sales.orders import queries as orders
from sales.plans import queries, service
from sales.plans.api import TheCatalogue
from sales.plans.catalogue import as_published
from sales.plans.commands import Handover, PlanCopy, PlanDraft
from sales.plans.domain import Stage
from sales.plans.staff_views import StaffPlanView
from sales.plans.tables import Plan
from sales.plans.views import PlanView

router = APIRouter(tags=["staff: plans"], prefix="/staff/plans")
Writer = Annotated[Principal, Depends(permitted("plans.write"))]
Reader = Annotated[Principal, Depends(permitted("plans.read"))]


Deed = Literal[
    "drafted", "copied", "rewritten", "published", "paused", "resumed", "handed_over", "closed", "archived"
]


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
    def of(cls, found: Sequence[FieldError], language: str) -> "Judged":
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


class PlanDeeds(Deeds[Plan, StaffPlanView, Deed]):
    """This process' public sees a change at once; the others follow by themselves."""

    kind = "plan"
    view = StaffPlanView

    @classmethod
    async def at_work(
        cls, writer: Writer, db: Db, context: Ctx, client: ClientNetwork, catalogue: TheCatalogue
    ) -> Self:
        return cls(db, context, writer, client, catalogue.refresh)

    def details(self, row: Plan) -> Mapping[str, Any]:
        return {"plan_id": row.id, "circular": row.circular, "version": row.version}

    async def show(self, session: AsyncSession, row: Plan) -> StaffPlanView:
        return StaffPlanView.of(row, self.context.clock())


Writing = Annotated[PlanDeeds, Depends(PlanDeeds.at_work)]


@router.post("", status_code=201, summary="Draft a plan")
async def draft_plan(form: PlanDraft, write: Writing, key: IdempotencyKey = None) -> StaffPlanView:
    author = write.member.subject
    return await write.create("drafted", form, key, lambda session: service.draft(session, form, author))


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
async def rewrite_plan(plan_id: UUID, form: PlanDraft, write: Writing) -> StaffPlanView:
    return await write("rewritten", lambda session: service.rewrite(session, plan_id, form))


@router.post("/validation", summary="Say what is wrong with a plan, without writing it")
async def validate_plan(
    command: PlanDraft, _: Writer, db: Db, catalogue: TheCatalogue, language: Language
) -> Judged:
    async with db.transaction() as session:
        found = await service.faults_of_form(session, command, catalogue.now())
    return Judged.of(found, language)


@router.post("/{plan_id}/copy", status_code=201, summary="Draft a plan from an earlier one")
async def copy_plan(
    plan_id: UUID, form: PlanCopy, write: Writing, key: IdempotencyKey = None
) -> StaffPlanView:
    author = write.member.subject
    return await write.create(
        "copied", form, key, lambda session: service.copy(session, plan_id, form, author), of=plan_id
    )


@router.get("/{plan_id}/preview", summary="See a plan as the public will")
async def preview_plan(
    plan_id: UUID, _: Reader, db: Db, catalogue: TheCatalogue, language: Language
) -> Preview:
    now = catalogue.now()
    async with db.transaction() as session:
        plan = await queries.find(session, plan_id)
        found = await service.faults(session, plan, now) if plan.stage == Stage.DRAFT else []
        page = await as_published(session, plan)
    return Preview(page=PlanView.of(page, now), **Judged.of(found, language).model_dump())


@router.post("/{plan_id}/pause", summary="Stop the sale of a plan")
async def pause_plan(plan_id: UUID, write: Writing) -> StaffPlanView:
    return await write("paused", lambda session: service.pause(session, plan_id))


@router.post("/{plan_id}/resume", summary="Let a paused plan sell again")
async def resume_plan(plan_id: UUID, write: Writing) -> StaffPlanView:
    return await write("resumed", lambda session: service.resume(session, plan_id))


@router.post("/{plan_id}/handover", summary="Hand the unused seats of the other classes to one")
async def hand_over(plan_id: UUID, command: Handover, write: Writing) -> StaffPlanView:
    return await write("handed_over", lambda session: service.hand_over(session, plan_id, command.to))


@router.post("/{plan_id}/publication", summary="Publish a draft")
async def publish_plan(plan_id: UUID, write: Writing) -> StaffPlanView:
    now = write.context.clock()
    return await write("published", lambda session: service.publish(session, plan_id, now))


@router.post("/{plan_id}/closure", summary="Close an open plan now")
async def close_plan(plan_id: UUID, write: Writing) -> StaffPlanView:
    now = write.context.clock()
    return await write("closed", lambda session: service.close(session, plan_id, now))


@router.post("/{plan_id}/archive", summary="Take a plan out of the public list")
async def archive_plan(plan_id: UUID, write: Writing) -> StaffPlanView:
    return await write("archived", lambda session: service.archive(session, plan_id))
