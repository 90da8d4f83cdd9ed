"""The public list of plans and each plan's page, answered from memory."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.service import provided
from sales.plans.catalogue import Catalogue, OfferedCar, PublishedPlan
from sales.plans.domain import PlanState

router = APIRouter(tags=["plans"])
TheCatalogue = Annotated[Catalogue, provided(Catalogue)]


class OfferingView(BaseModel):
    """Money in Rial; ``available`` cars are neither held nor bought."""

    offering_id: UUID
    model: str
    trim: str
    colours: list[str]
    price: int
    prepayment: int
    available: int

    @classmethod
    def of(cls, car: OfferedCar) -> "OfferingView":
        return cls.model_validate(car, from_attributes=True)


class PlanView(BaseModel):
    """``now`` is the server's clock, for a countdown that does not depend on the reader's."""

    plan_id: UUID
    circular: str
    title: str
    kind: str
    method: str
    state: PlanState
    opens_at: datetime
    closes_at: datetime
    now: datetime
    sold_out: bool
    offerings: list[OfferingView]

    @classmethod
    def of(cls, plan: PublishedPlan, now: datetime) -> "PlanView":
        cars = [OfferingView.of(car) for car in plan.offerings.values()]
        return cls(
            plan_id=plan.plan_id,
            circular=plan.circular,
            title=plan.title,
            kind=plan.kind,
            method=plan.method,
            state=plan.state_at(now),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            now=now,
            sold_out=all(car.available == 0 for car in cars),
            offerings=cars,
        )


class PlanList(BaseModel):
    items: list[PlanView]
    next_cursor: str | None = None


@router.get("/plans", summary="List the published plans")
async def list_plans(catalogue: TheCatalogue) -> PlanList:
    now = catalogue.now()
    return PlanList(items=[PlanView.of(plan, now) for plan in catalogue.plans()])


@router.get("/plans/{plan_id}", summary="Open a plan")
async def open_plan(plan_id: UUID, catalogue: TheCatalogue) -> PlanView:
    return PlanView.of(catalogue.plan(plan_id), catalogue.now())
