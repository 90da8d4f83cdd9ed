"""The staff's routes to check buyers again, and to the evidence of what was found."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.errors import NotFound
from chassis.idempotency import IdempotencyKey, Nothing
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.deeds import Deeds
from sales.eligibility import evidence
from sales.eligibility.tables import OrderCheck, Recheck
from sales.orders.tables import Order
from sales.rechecks import service

router = APIRouter(tags=["staff: eligibility"], prefix="/staff")
Reader = Annotated[Principal, Depends(permitted("rules.read"))]


class RecheckView(BaseModel):
    """``unknown`` are those of whom an answer is missing; they keep their orders."""

    recheck_id: UUID
    requested_at: datetime
    total: int
    checked: int
    unknown: int
    voided: int
    finished_at: datetime | None

    @classmethod
    def of(cls, run: Recheck) -> "RecheckView":
        return cls(
            recheck_id=run.id,
            requested_at=run.requested_at,
            total=run.total,
            checked=run.checked,
            unknown=run.unknown,
            voided=run.voided,
            finished_at=run.finished_at,
        )


class CheckView(BaseModel):
    """``verdicts`` name each rule, its verdict (pass, fail, unknown), its input and its source."""

    checked_at: datetime
    occasion: str
    passed: bool
    rule_set_id: UUID | None
    verdicts: list[dict[str, Any]]

    @classmethod
    def of(cls, check: OrderCheck) -> "CheckView":
        return cls.model_validate(check, from_attributes=True)


class CheckList(BaseModel):
    items: list[CheckView]


class Rechecks(Deeds[Recheck, RecheckView, Literal["started"]]):
    kind = "recheck"
    view = RecheckView

    def details(self, row: Recheck) -> Mapping[str, Any]:
        return {"plan_id": row.plan_id, "recheck_id": row.id}

    async def show(self, session: AsyncSession, row: Recheck) -> RecheckView:
        return RecheckView.of(row)


Writing = Annotated[Rechecks, Depends(Rechecks.of("rechecks.write"))]


@router.post("/plans/{plan_id}/recheck", status_code=201, summary="Check the buyers of a plan again")
async def start_recheck(plan_id: UUID, write: Writing, key: IdempotencyKey = None) -> RecheckView:
    by, now = write.member.subject, write.context.clock()
    return await write.create(
        "started", Nothing(), key, lambda session: service.start(session, plan_id, by, now), of=plan_id
    )


@router.get("/plans/{plan_id}/recheck", summary="Watch the last check of a plan's buyers")
async def watch_recheck(plan_id: UUID, _: Reader, db: Db) -> RecheckView:
    async with db.transaction() as session:
        return RecheckView.of(await service.latest(session, plan_id))


@router.get("/orders/{order_id}/checks", summary="See what was found about an order's buyer")
async def list_checks(order_id: UUID, by: Reader, db: Db, ctx: Ctx, client: ClientNetwork) -> CheckList:
    async with db.transaction() as session:
        order = await session.get(Order, order_id)
        if order is None:
            raise NotFound
        found = await evidence.of_order(session, order_id)
        seen = audit.Entry(
            action="sales.checks.seen",
            actor=by.subject,
            subject=order.customer_id,
            roles=by.roles,
            client=client,
            details={"order_id": order_id},
        )
        await audit.record(session, seen, at=ctx.clock())
    return CheckList(items=[CheckView.of(check) for check in found])
