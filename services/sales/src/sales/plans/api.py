"""The public list of plans and each plan's page, answered from memory."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.service import provided
from iran import matching_key
from sales.plans.catalogue import Catalogue, PublishedPlan
from sales.plans.domain import PlanKind, PlanMethod, PlanState
from sales.plans.views import PlanView

router = APIRouter(tags=["plans"])
TheCatalogue = Annotated[Catalogue, provided(Catalogue)]
Words = Annotated[str | None, Query(min_length=1, max_length=60)]


class PlanList(BaseModel):
    items: list[PlanView]
    next_cursor: str | None = None


@router.get("/plans", summary="List the published plans")
async def list_plans(
    catalogue: TheCatalogue,
    kind: PlanKind | None = None,
    method: PlanMethod | None = None,
    state: PlanState | None = None,
    model: Words = None,
) -> PlanList:
    now = catalogue.now()
    asked = {"kind": kind, "method": method, "state": state}
    views = (PlanView.of(plan, now) for plan in catalogue.plans() if _offers(plan, model))
    return PlanList(
        items=[
            view
            for view in views
            if all(wanted in (None, getattr(view, field)) for field, wanted in asked.items())
        ]
    )


@router.get("/plans/{plan_id}", summary="Open a plan")
async def open_plan(plan_id: UUID, catalogue: TheCatalogue) -> PlanView:
    return PlanView.of(catalogue.plan(plan_id), catalogue.now())


def _offers(plan: PublishedPlan, model: str | None) -> bool:
    """Whether one of the plan's cars has this in its name, however it is spelt."""
    if model is None:
        return True
    key = matching_key(model)
    return any(key in matching_key(f"{car.model} {car.trim}") for car in plan.offerings.values())
