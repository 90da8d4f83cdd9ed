"""The buyer's routes to withdraw, and the staff's to void an order."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser
from chassis.idempotency import IdempotencyKey, once
from chassis.language import Language
from chassis.service import Db
from sales.cancellations import service
from sales.cancellations.domain import Quote
from sales.cancellations.views import CancellationQuote
from sales.context import Ctx
from sales.deeds import Deeds
from sales.orders.queries import find_own
from sales.orders.tables import Order

router = APIRouter(tags=["cancellations"])
staff_router = APIRouter(tags=["staff: orders"], prefix="/staff/orders")
RuleName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,59}$")]


class Confirmation(BaseModel):
    """``quote`` is the name of the quote that was shown."""

    model_config = ConfigDict(extra="forbid")

    quote: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class CancelledOrder(BaseModel):
    """``refund`` (Rial) goes to the buyer's verified Sheba."""

    order_id: UUID
    state: str
    refund: int


class Voiding(BaseModel):
    """``rule`` is the rule of eligibility that the buyer does not satisfy."""

    model_config = ConfigDict(extra="forbid")

    rule: RuleName


class Voidings(Deeds[tuple[Order, Quote, str], CancelledOrder, Literal["voided"]]):
    """A voided order, what it came to, and the rule."""

    kind = "order"
    view = CancelledOrder

    def details(self, row: tuple[Order, Quote, str]) -> Mapping[str, Any]:
        order, quoted, rule = row
        return {"order_id": order.id, "rule": rule, "refund": quoted.refund}

    def subject(self, row: tuple[Order, Quote, str]) -> UUID:
        return row[0].customer_id

    async def show(self, session: AsyncSession, row: tuple[Order, Quote, str]) -> CancelledOrder:
        order, quoted, _ = row
        return CancelledOrder(order_id=order.id, state=order.state, refund=quoted.refund)


@router.get("/orders/{order_id}/cancellation", summary="See what a cancellation today comes to")
async def quote_cancellation(
    order_id: UUID,
    buyer: CurrentUser,
    db: Db,
    ctx: Ctx,
    language: Language,
) -> CancellationQuote:
    async with db.transaction() as session:
        order = (await find_own(session, order_id, buyer.subject)).order
        quoted = await service.look(session, order, ctx.clock())
    return CancellationQuote.of(order, quoted, language)


@router.post("/orders/{order_id}/cancellation", summary="Cancel as the quote says")
async def cancel_order(
    order_id: UUID, command: Confirmation, buyer: CurrentUser, db: Db, ctx: Ctx, key: IdempotencyKey = None
) -> CancelledOrder:
    async with db.transaction() as session:

        async def cancel() -> CancelledOrder:
            order, quoted = await service.cancel(session, order_id, buyer.subject, command.quote, ctx.clock())
            return CancelledOrder(order_id=order.id, state=order.state, refund=quoted.refund)

        scope = f"{buyer.subject} cancel {order_id}"
        return await once(session, key, scope, command, CancelledOrder, cancel)


@staff_router.post("/{order_id}/voiding", summary="Void the order of who is not eligible")
async def void_order(
    order_id: UUID,
    command: Voiding,
    act: Annotated[Voidings, Depends(Voidings.of("orders.void"))],
    key: IdempotencyKey = None,
) -> CancelledOrder:
    async def void(session: AsyncSession) -> tuple[Order, Quote, str]:
        order, quoted = await service.void_one(session, order_id, command.rule, act.context.clock())
        return order, quoted, command.rule

    return await act.create("voided", command, key, void, of=order_id)
