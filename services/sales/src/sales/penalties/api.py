"""The buyer's statement of delay, and the staff's table of rates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser, Principal
from chassis.idempotency import IdempotencyKey
from chassis.language import Language
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.deeds import Deeds
from sales.penalties import service
from sales.penalties.rows import NewRate
from sales.penalties.tables import PenaltyRate
from sales.penalties.views import DelayStatement

router = APIRouter(tags=["orders"])
staff_router = APIRouter(prefix="/staff/penalty-rates", tags=["staff: penalty rates"])
Reader = Annotated[Principal, Depends(permitted("penalties.read"))]


class RateView(NewRate):
    """Of several versions for one kind and day the highest holds."""

    rate_id: UUID
    version: int
    created_by: UUID | None
    created_at: datetime

    @classmethod
    def of(cls, row: PenaltyRate) -> "RateView":
        return cls.model_validate(
            {name: getattr(row, name) for name in cls.model_fields if name != "rate_id"} | {"rate_id": row.id}
        )


class RateList(BaseModel):
    items: list[RateView]


class Rates(Deeds[PenaltyRate, RateView, Literal["added"]]):
    kind = "penalty_rate"
    view = RateView

    def details(self, row: PenaltyRate) -> Mapping[str, Any]:
        return {"rate_id": row.id, "kind": row.kind, "version": row.version}

    async def show(self, session: AsyncSession, row: PenaltyRate) -> RateView:
        return RateView.of(row)


Writing = Annotated[Rates, Depends(Rates.of("penalties.write"))]


@router.get("/orders/{order_id}/delay-penalty", summary="Follow what I am owed for the delay of my car")
async def delay_penalty(
    order_id: UUID,
    buyer: CurrentUser,
    db: Db,
    context: Ctx,
    language: Language,
) -> DelayStatement:
    async with db.transaction() as session:
        return await service.state_delay(session, order_id, buyer.subject, language, context.clock())


@staff_router.get("", summary="See the rates of delay penalties with all their versions")
async def list_rates(_: Reader, db: Db) -> RateList:
    async with db.transaction() as session:
        return RateList(items=[RateView.of(row) for row in await service.all_rates(session)])


@staff_router.post("", status_code=201, summary="Put a rate in force from a day on")
async def add_rate(form: NewRate, write: Writing, key: IdempotencyKey = None) -> RateView:
    by, now = write.member.subject, write.context.clock()
    return await write.create("added", form, key, lambda session: service.add_rate(session, form, by, now))
