"""The buyer's schedule and final bills, and the staff's table of ceilings of the late fee."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser, Principal
from chassis.days import Day
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.deeds import Deeds
from sales.settlement import service
from sales.settlement.domain import Purpose
from sales.settlement.tables import LateFeeCap
from sales.settlement.views import RequestedBill, Schedule

router = APIRouter(tags=["orders"])
staff_router = APIRouter(prefix="/staff/late-fee-caps", tags=["staff: late fees"])
Reader = Annotated[Principal, Depends(permitted("late_fees.read"))]


class BillWanted(BaseModel):
    """``principal``: the rest of the price. ``penalty``: the late fees."""

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose


class NewCap(BaseModel):
    """No late fee is higher than ``rate`` (basis points a year) from a day on, until the next ceiling."""

    model_config = ConfigDict(extra="forbid")

    valid_from: Day
    rate: Annotated[int, Field(ge=0, le=10_000)]


class CapView(NewCap):
    created_by: UUID
    created_at: datetime

    @classmethod
    def of(cls, row: LateFeeCap) -> "CapView":
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


class CapList(BaseModel):
    items: list[CapView]


class Caps(Deeds[LateFeeCap, CapView, Literal["added"]]):
    kind = "late_fee_cap"
    view = CapView

    def details(self, row: LateFeeCap) -> Mapping[str, Any]:
        return {"valid_from": row.valid_from, "rate": row.rate}

    async def show(self, session: AsyncSession, row: LateFeeCap) -> CapView:
        return CapView.of(row)


Writing = Annotated[Caps, Depends(Caps.of("late_fees.write"))]


@router.get("/orders/{order_id}/schedule", summary="See what is to be paid for my car, and when")
async def schedule(order_id: UUID, buyer: CurrentUser, db: Db, context: Ctx) -> Schedule:
    async with db.transaction() as session:
        account = await service.own_account(session, order_id, buyer.subject)
        return Schedule.of(account, context.clock())


@router.post(
    "/orders/{order_id}/bills",
    status_code=201,
    summary="Ask for the bill that settles the price or the late fees",
    responses={409: {"description": "not_under_contract, nothing_owed"}},
)
async def ask_for_bill(
    order_id: UUID, wanted: BillWanted, buyer: CurrentUser, db: Db, context: Ctx, key: IdempotencyKey = None
) -> RequestedBill:
    async with db.transaction() as session:

        async def ask() -> RequestedBill:
            bill = await service.ask_for_bill(
                session, order_id, buyer.subject, wanted.purpose, context.clock()
            )
            return RequestedBill.of(bill)

        scope = f"{buyer.subject} bill of {order_id}"
        return await once(session, key, scope, wanted, RequestedBill, ask)


@staff_router.get("", summary="See the ceilings of the late fee")
async def list_caps(_: Reader, db: Db) -> CapList:
    async with db.transaction() as session:
        return CapList(items=[CapView.of(row) for row in await service.caps(session)])


@staff_router.post(
    "",
    status_code=201,
    summary="Put a ceiling of the late fee in force from a coming day on",
    responses={409: {"description": "cap_in_the_past, cap_taken"}},
)
async def add_cap(form: NewCap, write: Writing, key: IdempotencyKey = None) -> CapView:
    by, now = write.member.subject, write.context.clock()
    return await write.create(
        "added", form, key, lambda session: service.add_cap(session, form.valid_from, form.rate, by, now)
    )
