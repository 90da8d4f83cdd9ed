"""Orders and what they ask payment for. Amounts are Rial."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import Event
from events.payment import BillPurpose


class OrderPlaced(Event, name="sales.order_placed.v1", aggregate="order_id"):
    """A car is held for a buyer until ``pay_before``."""

    order_id: UUID
    customer_id: UUID
    plan_id: UUID
    request_number: str
    title: str
    amount: int
    pay_before: datetime


class OrderLapsed(Event, name="sales.order_lapsed.v1", aggregate="order_id"):
    """The deadline passed without payment; the car is free again."""

    order_id: UUID
    customer_id: UUID
    request_number: str


class ContractActivated(Event, name="sales.contract_activated.v1", aggregate="order_id"):
    """The first payment made the order a contract."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    contract_number: str


class PaymentDeclined(Event, name="sales.payment_declined.v1", aggregate="order_id"):
    """A paid bill belongs to an order that can no longer take the money: it must go back."""

    order_id: UUID
    customer_id: UUID
    bill_id: UUID
    payment_id: UUID
    reason: Literal["order_lapsed", "order_cancelled", "order_voided"]


class BillRequested(Event, name="sales.bill_requested.v1", aggregate="bill_id"):
    """The buyer owes ``amount`` until ``due_at``: payment issues the bill under this id.

    A bill that is ``payable_late`` can be paid after it is due, too: the late fee is a bill of its own.
    """

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    amount: int
    due_at: datetime
    payable_late: bool = False


class BillWithdrawn(Event, name="sales.bill_withdrawn.v1", aggregate="bill_id"):
    """A requested bill is no longer owed: payment cancels it, and gives back what was paid for it."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    reason: Literal["replaced", "invitation_expired", "order_cancelled", "order_voided"]


class RefundRequested(Event, name="sales.refund_requested.v1", aggregate="refund_id"):
    """Money goes back to the buyer's verified Sheba; ``amount`` is with profit and less deductions.

    ``paid`` of it is what the buyer had paid; a refund without any, such as a penalty, is all ``profit``.
    It is to arrive before ``due_at``, where the terms say so.
    """

    refund_id: UUID
    order_id: UUID
    customer_id: UUID
    amount: int
    reason: Literal["order_cancelled", "order_voided", "delay_penalty"]
    paid: int = 0
    profit: int = 0
    deductions: int = 0
    due_at: datetime | None = None


class OrderSettled(Event, name="sales.order_settled.v1", aggregate="order_id"):
    """The whole price of a contract has been paid."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    contract_number: str


class BillPostponed(Event, name="sales.bill_postponed.v1", aggregate="bill_id"):
    """A requested bill may be paid until ``due_at``, which is later than before."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    due_at: datetime
