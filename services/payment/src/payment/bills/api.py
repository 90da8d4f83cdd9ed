"""Reading one's bills."""

from uuid import UUID

from fastapi import APIRouter

from chassis.auth import CurrentUser
from chassis.errors import NotFound
from chassis.service import Db
from payment.bills import queries
from payment.bills.views import Bills, BillView

router = APIRouter(prefix="/bills", tags=["bills"])


@router.get("/{bill_id}", summary="One of the caller's bills")
async def bill(bill_id: UUID, user: CurrentUser, db: Db) -> BillView:
    async with db.transaction() as session:
        found = await queries.own_bill(session, user.subject, bill_id)
    if found is None:
        raise NotFound
    return BillView.model_validate(found)


@router.get("", summary="The caller's bills for one order")
async def bills(order_id: UUID, user: CurrentUser, db: Db) -> Bills:
    async with db.transaction() as session:
        found = await queries.own_bills_of_order(session, user.subject, order_id)
    return Bills(items=[BillView.model_validate(row) for row in found])
