"""The buyer's routes to withdraw, and the staff's to void an order."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from chassis import audit
from chassis.auth import CurrentUser, Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.cancellations import service
from sales.cancellations.views import CancellationQuote
from sales.context import Ctx
from sales.orders.queries import find_own

router = APIRouter(tags=["cancellations"])
staff_router = APIRouter(tags=["staff: orders"], prefix="/staff/orders")
Voider = Annotated[Principal, Depends(permitted("orders.void"))]
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


@router.get("/orders/{order_id}/cancellation", summary="See what a cancellation today comes to")
async def quote_cancellation(order_id: UUID, buyer: CurrentUser, db: Db, ctx: Ctx) -> CancellationQuote:
    async with db.transaction() as session:
        order = (await find_own(session, order_id, buyer.subject)).order
        return CancellationQuote.of(order, await service.look(session, order, ctx.clock()))


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
    voider: Voider,
    db: Db,
    ctx: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> CancelledOrder:
    async with db.transaction() as session:

        async def void() -> CancelledOrder:
            now = ctx.clock()
            order, quoted = await service.void_one(session, order_id, command.rule, now)
            entry = audit.Entry(
                action="sales.order.voided",
                actor=voider.subject,
                subject=order.customer_id,
                roles=voider.roles,
                client=client,
                details={"order_id": order.id, "rule": command.rule, "refund": quoted.refund},
            )
            await audit.record(session, entry, at=now)
            return CancelledOrder(order_id=order.id, state=order.state, refund=quoted.refund)

        scope = f"{voider.subject} void {order_id}"
        return await once(session, key, scope, command, CancelledOrder, void)
