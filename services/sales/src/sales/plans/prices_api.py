"""The sales manager's routes to the prices of published plans."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.deeds import Deeds
from sales.plans import prices
from sales.plans.api import TheCatalogue
from sales.plans.prices import NewPrice
from sales.plans.tables import OfferingPrice

router = APIRouter(tags=["staff: plans"], prefix="/staff/plans/{plan_id}/prices")
Writer = Annotated[Principal, Depends(permitted("plans.write"))]
Reader = Annotated[Principal, Depends(permitted("plans.read"))]


class PriceView(NewPrice):
    """``applied_at`` is since when new orders are made at it, null while its day is still to come."""

    price_id: UUID
    created_by: UUID
    created_at: datetime
    applied_at: datetime | None

    @classmethod
    def of_row(cls, row: OfferingPrice) -> Self:
        known = {name: getattr(row, name) for name in cls.model_fields if name != "price_id"}
        return cls(price_id=row.id, **known)


class PriceList(BaseModel):
    items: list[PriceView]


class Pricing(Deeds[OfferingPrice, PriceView, Literal["decided"]]):
    kind = "price"
    view = PriceView

    @classmethod
    async def at_work(
        cls, writer: Writer, db: Db, context: Ctx, client: ClientNetwork, catalogue: TheCatalogue
    ) -> Self:
        return cls(db, context, writer, client, catalogue.refresh)

    def details(self, row: OfferingPrice) -> Mapping[str, Any]:
        told = ("offering_id", "valid_from", "price", "prepayment")
        return {"price_id": row.id, **{name: getattr(row, name) for name in told}}

    async def show(self, session: AsyncSession, row: OfferingPrice) -> PriceView:
        return PriceView.of_row(row)


@router.get("", summary="What the cars of a plan cost, from when on")
async def list_prices(plan_id: UUID, _: Reader, db: Db) -> PriceList:
    async with db.transaction() as session:
        return PriceList(items=[PriceView.of_row(row) for row in await prices.of_plan(session, plan_id)])


@router.post(
    "",
    status_code=201,
    summary="Let a car cost something else from a day on",
    responses={409: {"description": "price_in_the_past, price_taken, illegal_plan_move"}},
)
async def decide_price(
    plan_id: UUID,
    form: NewPrice,
    write: Annotated[Pricing, Depends(Pricing.at_work)],
    key: IdempotencyKey = None,
) -> PriceView:
    author, now = write.member.subject, write.context.clock()
    return await write.create(
        "decided", form, key, lambda session: prices.decide(session, plan_id, form, author, now), of=plan_id
    )
