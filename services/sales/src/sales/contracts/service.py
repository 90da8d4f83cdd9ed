"""Activating contracts."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from events.payment import BillPaid
from sales.contracts.tables import Contract
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order

FROZEN = ("plan_id", "offering_id", "dealership_id", "title", "colour", "price", "prepayment")


def activate(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> Contract:
    """The contract of a paid order, with the order's terms."""
    contract = Contract(
        id=uuid7(),
        number=new_number(NumberKind.CONTRACT),
        order_id=order.id,
        customer_id=order.customer_id,
        payment_id=payment.payment_id,
        terms={name: getattr(order, name) for name in FROZEN},
        activated_at=now,
    )
    session.add(contract)
    return contract
