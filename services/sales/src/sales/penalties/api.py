"""The buyer's statement of delay, and the staff's table of rates."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from chassis import audit
from chassis.auth import CurrentUser, Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.penalties import service
from sales.penalties.rows import NewRate
from sales.penalties.tables import PenaltyRate
from sales.penalties.views import DelayStatement

router = APIRouter(tags=["orders"])
staff_router = APIRouter(prefix="/staff/penalty-rates", tags=["staff: penalty rates"])
Writer = Annotated[Principal, Depends(permitted("penalties.write"))]
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


@router.get("/orders/{order_id}/delay-penalty", summary="Follow what I am owed for the delay of my car")
async def delay_penalty(order_id: UUID, buyer: CurrentUser, db: Db, context: Ctx) -> DelayStatement:
    async with db.transaction() as session:
        return await service.state_delay(session, order_id, buyer.subject, context.clock())


@staff_router.get("", summary="See the rates of delay penalties with all their versions")
async def list_rates(_: Reader, db: Db) -> RateList:
    async with db.transaction() as session:
        return RateList(items=[RateView.of(row) for row in await service.all_rates(session)])


@staff_router.post("", status_code=201, summary="Put a rate in force from a day on")
async def add_rate(
    command: NewRate,
    by: Writer,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> RateView:
    now = context.clock()
    async with db.transaction() as session:

        async def add() -> RateView:
            rate = await service.add_rate(session, command, by.subject, now)
            entry = audit.Entry(
                action="sales.penalty_rate.added",
                actor=by.subject,
                roles=by.roles,
                client=client,
                details={"rate_id": rate.id, "kind": rate.kind, "version": rate.version},
            )
            await audit.record(session, entry, at=now)
            return RateView.of(rate)

        return await once(session, key, f"{by.subject} penalty rate", command, RateView, add)
