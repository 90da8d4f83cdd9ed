"""What sales publishes. Amounts are Rial."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import Event


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
    reason: Literal["order_lapsed", "order_cancelled"]
