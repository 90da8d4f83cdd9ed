"""Reading one's bills."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, model_validator

from chassis.auth import CurrentUser
from chassis.errors import NotFound
from chassis.service import Db
from payment.bills import queries
from payment.bills.domain import BillState, Purpose

router = APIRouter(prefix="/bills", tags=["bills"])


class BillView(BaseModel):
    """Amounts are Rial. The pair of ids pays the whole bill at a bank: null when the amount does not fit into
    one, and when a part is paid already.

    A bill that is ``payable_late`` can be paid after ``due_at``, too.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    bank_bill_id: str | None
    bank_payment_id: str | None
    amount: int
    paid: int
    purpose: Purpose
    due_at: datetime
    payable_late: bool
    state: BillState

    @model_validator(mode="after")
    def _pair_of_the_whole(self) -> Self:
        if 0 < self.paid < self.amount:
            self.bank_bill_id = self.bank_payment_id = None
        return self


class Bills(BaseModel):
    items: list[BillView]
    next_cursor: str | None = None


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
