"""Following one's own refunds."""

from uuid import UUID

from fastapi import APIRouter

from chassis.auth import CurrentUser
from chassis.service import Db
from payment.refunds import queries
from payment.refunds.views import Refunds, RefundView

router = APIRouter(prefix="/refunds", tags=["refunds"])


@router.get("", summary="The caller's refunds, newest first")
async def refunds(user: CurrentUser, db: Db, order_id: UUID | None = None) -> Refunds:
    async with db.transaction() as session:
        found = await queries.of_customer(session, user.subject, order_id)
    return Refunds(items=[RefundView.model_validate(row) for row in found])
