"""The staff's routes of lanes: their limits, their money."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.permissions import permitted
from chassis.service import Db
from iran import tehran_date
from notify.context import Ctx
from notify.lanes import service
from notify.lanes.domain import Budget
from notify.lanes.service import Wish
from notify.lanes.tables import LaneLimits
from notify.messages.domain import Lane
from notify.trail import Actor

router = APIRouter(prefix="/staff/message-lanes", tags=["staff: messages"])
Reader = Annotated[Principal, Depends(permitted("message_lanes.read"))]
Writer = Annotated[Principal, Depends(permitted("message_lanes.write"))]
MOST_RIAL = 10**15


class LaneRules(BaseModel):
    """``in_flight`` and ``per_second`` (null: no limit) are those of each worker; amounts are Rial.

    When ``daily_rial`` (null: no limit) is spent the bulk lane waits until tomorrow; the others alarm.
    """

    model_config = ConfigDict(extra="forbid")

    in_flight: Annotated[int, Field(ge=1, le=1_000)]
    per_second: Annotated[int, Field(ge=1, le=100_000)] | None
    rial_per_part: Annotated[int, Field(ge=0, le=1_000_000)]
    daily_rial: Annotated[int, Field(ge=0, le=MOST_RIAL)] | None
    warn_percent: Annotated[int, Field(ge=1, le=100)]


class LaneView(LaneRules):
    """``spent_today`` is in Rial, ``warning`` whether it has come to ``warn_percent`` of the day's money."""

    lane: Lane
    spent_today: int
    warning: bool

    @classmethod
    def of(cls, limits: LaneLimits, budget: Budget) -> "LaneView":
        rules = {name: getattr(limits, name) for name in LaneRules.model_fields}
        warning = 100 * budget.used >= limits.warn_percent
        return cls(lane=limits.lane, spent_today=budget.spent, warning=warning, **rules)


class LaneList(BaseModel):
    items: list[LaneView]


@router.get("", summary="The limits of the lanes, and what they cost today")
async def lanes(_: Reader, db: Db, context: Ctx) -> LaneList:
    async with db.transaction() as session:
        budgets = await service.budgets(session, tehran_date(context.clock()))
        rows = (await session.scalars(select(LaneLimits))).all()
    found = {row.lane: LaneView.of(row, budgets[row.lane]) for row in rows}
    return LaneList(items=[found[lane] for lane in Lane])


@router.put("/{lane}", summary="Set the limits of a lane")
async def set_lane(
    lane: Lane, rules: LaneRules, writer: Writer, db: Db, context: Ctx, client: ClientNetwork
) -> LaneView:
    actor = Actor(writer, client, context.clock())
    async with db.transaction() as session:
        limits = await service.set_limits(session, lane, Wish(**rules.model_dump()), actor)
        return LaneView.of(limits, await service.budget(session, lane, actor.at))
