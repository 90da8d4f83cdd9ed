"""The buyer's routes to invitations."""

from uuid import UUID

from fastapi import APIRouter

from chassis.auth import CurrentUser
from chassis.idempotency import IdempotencyKey, Nothing, once
from chassis.service import Db
from sales.context import Ctx
from sales.invitations import queries, reassignment
from sales.invitations.views import InvitationList, InvitationView
from sales.orders.queries import find_own

router = APIRouter(tags=["invitations"])


@router.get("/orders/{order_id}/invitations", summary="The invitations of one of my orders, newest first")
async def list_invitations(order_id: UUID, buyer: CurrentUser, db: Db) -> InvitationList:
    async with db.transaction() as session:
        await find_own(session, order_id, buyer.subject)
        rows = await queries.of_order(session, order_id)
    return InvitationList(items=[InvitationView.of(row) for row in rows])


@router.post(
    "/orders/{order_id}/reassignment", status_code=201, summary="Ask for the car again, at today's terms"
)
async def reassign_order(
    order_id: UUID, buyer: CurrentUser, db: Db, ctx: Ctx, key: IdempotencyKey = None
) -> InvitationView:
    async with db.transaction() as session:

        async def reassign() -> InvitationView:
            found = await reassignment.reassign(session, order_id, buyer.subject, ctx.clock())
            return InvitationView.of(found)

        scope = f"{buyer.subject} reassign {order_id}"
        return await once(session, key, scope, Nothing(), InvitationView, reassign)
