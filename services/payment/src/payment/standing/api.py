"""The page on which a buyer sees what is paid and what is to be paid.

The bills for the rest of the price and for late fees, and another invitation, are asked for at sales:
``POST /orders/{id}/bills`` and ``POST /orders/{id}/reassignment``.
"""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from chassis.auth import CurrentUser
from chassis.service import Db, provided
from payment.bills.domain import Purpose
from payment.bills.tables import Bill
from payment.bills.views import BillView
from payment.checkout import Checkout
from payment.payments.domain import PaymentState
from payment.refunds.views import RefundView
from payment.standing import queries
from payment.standing.domain import Standing
from payment.standing.queries import Of

router = APIRouter(prefix="/payment-status", tags=["payments"])
CheckoutDep = Annotated[Checkout, provided(Checkout)]


class NextBill(BaseModel):
    """What to pay first; ``amount`` is what is outstanding of it. The pair pays it whole at a bank."""

    bill_id: UUID
    purpose: Purpose
    amount: int
    due_at: datetime
    overdue: bool
    bank_bill_id: str | None
    bank_payment_id: str | None

    @classmethod
    def of(cls, bill: Bill, now: datetime) -> Self:
        seen = BillView.model_validate(bill)
        return cls(
            bill_id=bill.id,
            purpose=bill.purpose,
            amount=bill.outstanding,
            due_at=bill.due_at,
            overdue=now >= bill.due_at,
            bank_bill_id=seen.bank_bill_id,
            bank_payment_id=seen.bank_payment_id,
        )


class PaymentInHand(BaseModel):
    """A payment whose end is not known; while it is ``unknown`` no other one of its bill begins."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    bill_id: UUID
    amount: int
    provider: str
    state: PaymentState
    started_at: datetime


class OrderStanding(BaseModel):
    """Rial. ``on_the_way_back`` is money that is being returned or refunded."""

    order_id: UUID
    billed: int
    paid: int
    outstanding: int
    on_the_way_back: int
    next_bill: NextBill | None
    payment_in_hand: PaymentInHand | None
    bills: list[BillView]
    refunds: list[RefundView]

    @classmethod
    def of(cls, order_id: UUID, standing: Standing, now: datetime) -> Self:
        bill, payment = standing.next_bill(now), standing.in_hand
        return cls(
            order_id=order_id,
            billed=standing.billed,
            paid=standing.paid,
            outstanding=standing.outstanding,
            on_the_way_back=standing.on_the_way_back,
            next_bill=bill and NextBill.of(bill, now),
            payment_in_hand=payment and PaymentInHand.model_validate(payment),
            bills=[BillView.model_validate(each) for each in standing.bills],
            refunds=[RefundView.model_validate(each) for each in standing.refunds],
        )


class PaymentStatus(BaseModel):
    items: list[OrderStanding]
    next_cursor: UUID | None = None


@router.get("", summary="How the caller stands with each order, the newest first")
async def payment_status(
    user: CurrentUser,
    db: Db,
    checkout: CheckoutDep,
    order_id: UUID | None = None,
    cursor: UUID | None = None,
) -> PaymentStatus:
    async with db.transaction() as session:
        found = await queries.of_customer(session, user.subject, Of(order_id, cursor))
        now = checkout.clock()
        items = [OrderStanding.of(each, standing, now) for each, standing in found.items()]
    following = items[-1].order_id if len(items) == queries.PAGE else None
    return PaymentStatus(items=items, next_cursor=following)
