"""What changes about plans, for those who listen: opened, paused, sold out, closed; answered from memory.

A plan's *mark* is made of what a listener is told, so it is the same on every process that sees the plan so.
The numbers of free cars are not told: at a launch they change with every order.
"""

from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from chassis.auth import CurrentUser
from sales.plans.api import TheCatalogue
from sales.plans.catalogue import PublishedPlan
from sales.plans.domain import PlanState
from sales.plans.views import is_sold_out
from sales.streams import EVENT_STREAM, STREAM, Known, written

router = APIRouter(tags=["plans"])
internal = APIRouter(include_in_schema=False)


class PlanEvent(BaseModel):
    """The ``data`` of an event named ``plan``; ``sold_out`` are the offerings that have no free car."""

    plan_id: UUID
    state: PlanState
    opens_at: datetime
    closes_at: datetime
    sold_out: list[UUID]

    @classmethod
    def of(cls, plan: PublishedPlan, now: datetime) -> "PlanEvent":
        return cls(
            plan_id=plan.plan_id,
            state=plan.state_at(now),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            sold_out=[car.offering_id for car in plan.offerings.values() if is_sold_out(plan, car)],
        )

    @property
    def mark(self) -> str:
        return blake2b(self.model_dump_json().encode(), digest_size=12).hexdigest()


class Change(BaseModel):
    plan_id: UUID
    mark: str
    event: str


class Changes(BaseModel):
    changed: list[Change]


@router.get(
    "/plans/{plan_id}/events",
    summary="Listen to a plan: an event when it opens, pauses, sells out or closes, the first one at once",
    **STREAM,
)
async def plan_events(plan_id: UUID, _: CurrentUser, catalogue: TheCatalogue) -> Response:
    event = PlanEvent.of(catalogue.plan(plan_id), catalogue.now())
    return Response(written("plan", event.mark, event), media_type=EVENT_STREAM)


@internal.post("/live/plans")
async def changed_plans(question: Known, catalogue: TheCatalogue) -> Changes:
    """For the gateway. Of a plan that is published no more nothing is said: it was closed before."""
    now = catalogue.now()
    events = [PlanEvent.of(plan, now) for plan in catalogue.plans() if plan.plan_id in question.known]
    return Changes(
        changed=[
            Change(plan_id=event.plan_id, mark=event.mark, event=written("plan", event.mark, event))
            for event in events
            if event.mark != question.known[event.plan_id]
        ]
    )
