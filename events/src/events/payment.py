"""What payment publishes. Amounts are Rial."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.event import Event

BillPurpose = Literal["deposit", "prepayment", "principal", "instalment", "penalty", "fee"]


class BillIssued(Event, name="payment.bill_issued.v1", aggregate="bill_id"):
    """A bill can be paid, online or at a bank with its pair of ids.

    Both ids are empty when no payment id can carry the amount; such a bill is paid online only.
    """

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    amount: int
    bank_bill_id: str
    bank_payment_id: str
    due_at: datetime


class BillPaid(Event, name="payment.bill_paid.v1", aggregate="bill_id"):
    """The whole amount of a bill has arrived; ``payment_id`` and ``reference`` are the last part's."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    payment_id: UUID
    amount: int
    reference: str
    paid_at: datetime


class BillPartPaid(Event, name="payment.bill_part_paid.v1", aggregate="bill_id"):
    """A part of a bill has arrived and ``remaining`` is still to come; ``reference`` is the bank's."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    payment_id: UUID
    amount: int
    remaining: int
    reference: str
    paid_at: datetime


class BillDue(Event, name="payment.bill_due.v1", aggregate="bill_id"):
    """A reminder: ``amount`` of a bill is still to be paid, and ``due_at`` comes near."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    amount: int
    bank_bill_id: str
    bank_payment_id: str
    due_at: datetime


class BillOverdue(Event, name="payment.bill_overdue.v1", aggregate="bill_id"):
    """``amount`` of a bill was not paid in time; it still can be."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    amount: int
    due_at: datetime


class PaymentReturned(Event, name="payment.payment_returned.v1", aggregate="payment_id"):
    """Money that could not be used went back to the buyer."""

    payment_id: UUID
    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    amount: int
    method: Literal["reversed", "refunded"]
    reason: Literal[
        "order_lapsed",
        "order_cancelled",
        "order_voided",
        "invitation_expired",
        "bill_replaced",
        "amount_conflict",
        "reference_conflict",
        "duplicate",
    ]


class RefundPaid(Event, name="payment.refund_paid.v1", aggregate="refund_id"):
    """A refund that sales asked for has reached the buyer's account; ``reference`` is the bank's."""

    refund_id: UUID
    order_id: UUID
    customer_id: UUID
    amount: int
    reference: str
    paid_at: datetime


class BlockedDepositState(BaseModel):
    """What a bank has blocked of one person; ``live`` when it counts for the plan. Rial.

    ``version`` grows with each change of this person's deposit at this bank for this plan.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    customer_id: UUID
    amount: int
    blocked_on: date
    live: bool
    version: int


class DepositsBlocked(Event, name="payment.deposits_blocked.v1", aggregate="list_id"):
    """Banks' deposits of up to a thousand people changed: blocked, released, or another amount.

    Their versions count, each by itself; the event's own is always 1.
    """

    list_id: UUID
    plan_id: UUID
    bank: str
    deposits: list[BlockedDepositState]
