"""The sales manager's routes to plans."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.orders import queries as orders
from sales.plans import queries, service
from sales.plans.api import OfferingView, TheCatalogue
from sales.plans.catalogue import Catalogue
from sales.plans.commands import PlanDraft
from sales.plans.domain import PlanState, state_at
from sales.plans.tables import Offering, Plan
from sales.plans.trail import Deed, note

router = APIRouter(tags=["staff: plans"], prefix="/staff/plans")
Writer = Annotated[Principal, Depends(permitted("plans.write"))]
Reader = Annotated[Principal, Depends(permitted("plans.read"))]


class StaffOfferingView(OfferingView):
    capacity: int
    sold: int

    @classmethod
    def of_row(cls, row: Offering) -> "StaffOfferingView":
        return cls(
            offering_id=row.id,
            model=row.model,
            trim=row.trim,
            colours=row.colours,
            price=row.price,
            prepayment=row.prepayment,
            available=row.capacity - row.sold,
            capacity=row.capacity,
            sold=row.sold,
        )


class StaffPlanView(BaseModel):
    plan_id: UUID
    circular: str
    title: str
    kind: str
    method: str
    state: PlanState
    opens_at: datetime
    closes_at: datetime
    pay_within: timedelta
    minimum_age: int
    required_inquiries: list[str]
    version: int
    offerings: list[StaffOfferingView]

    @classmethod
    def of(cls, plan: Plan, now: datetime) -> "StaffPlanView":
        return cls(
            plan_id=plan.id,
            circular=plan.circular,
            title=plan.title,
            kind=plan.kind,
            method=plan.method,
            state=state_at(plan.stage, plan.opens_at, plan.closes_at, now),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            pay_within=plan.pay_within,
            minimum_age=plan.minimum_age,
            required_inquiries=plan.required_inquiries,
            version=plan.version,
            offerings=[StaffOfferingView.of_row(row) for row in plan.offerings],
        )


class WatchedPlan(StaffPlanView):
    """``orders`` counts the plan's orders by state."""

    orders: dict[str, int]


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


@router.post("/{plan_id}/publication", summary="Publish a draft")
async def publish_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("published", lambda session, now: service.publish(session, plan_id, now))


@router.post("/{plan_id}/closure", summary="Close an open plan now")
async def close_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("closed", lambda session, now: service.close(session, plan_id, now))


@router.post("/{plan_id}/archive", summary="Take a plan out of the public list")
async def archive_plan(plan_id: UUID, moving: Moving) -> StaffPlanView:
    return await moving("archived", lambda session, _: service.archive(session, plan_id))
