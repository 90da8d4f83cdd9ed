"""The purchase as a process: from the held car to the active contract, or back.

| step      | waits for          | until        | then                         | compensation            |
| --------- | ------------------ | ------------ | ---------------------------- | ----------------------- |
| placed    | `bill_paid`        | `pay_before` | pay, activate the contract   | -                       |
| overdue   | the clock          | -            | lapse                        | the car is free again   |
| lapsed    | a late `bill_paid` | -            | decline the payment          | payment returns money   |

Locks are taken offering first, then order, here as in the admission.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillPaid, PaymentReturned
from events.sales import ContractActivated, OrderLapsed, PaymentDeclined
from sales.capacity import counters
from sales.contracts import service as contracts
from sales.orders.domain import OrderState
from sales.orders.moving import identity, move, note
from sales.orders.tables import Order

LAPSE_BATCH = 200
log = get_logger(__name__)


async def on_bill_paid(session: AsyncSession, event: BillPaid, *, clock: Clock) -> None:
    """Activates the contract, or declines the money of an order that no longer waits for it."""
    order = await session.get_one(Order, event.order_id, with_for_update=True)
    if order.state == OrderState.AWAITING_PAYMENT:
        await _activate(session, order, event, clock())
    else:
        await _decline(session, order, event)


async def on_payment_returned(session: AsyncSession, event: PaymentReturned, *, clock: Clock) -> None:
    """Notes in the timeline that the money went back."""
    order = await session.get_one(Order, event.order_id, with_for_update=True)
    note(order, f"payment_{event.method}", clock())


async def lapse_overdue(session: AsyncSession, now: datetime) -> int:
    """Ends orders whose time to pay is over and frees their cars; how many, at most ``LAPSE_BATCH``."""
    overdue = await _overdue(session, now)
    await counters.lock_of_orders(session, overdue)
    orders = await session.scalars(
        select(Order)
        .where(Order.id.in_(overdue))
        .where(Order.state == OrderState.AWAITING_PAYMENT)
        .order_by(Order.id)
        .with_for_update()
    )
    lapsed = orders.all()
    for order in lapsed:
        await _lapse(session, order, now)
    await counters.release(session, lapsed)
    return len(lapsed)


async def _overdue(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    ids = await session.scalars(
        select(Order.id)
        .where(Order.state == OrderState.AWAITING_PAYMENT, Order.pay_before < now)
        .order_by(Order.pay_before)
        .limit(LAPSE_BATCH)
    )
    return ids.all()


async def _lapse(session: AsyncSession, order: Order, now: datetime) -> None:
    move(order, "lapse", now)
    await outbox.record(
        session,
        OrderLapsed(**identity(order), request_number=order.request_number),
    )


async def _activate(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> None:
    move(order, "pay", now)
    move(order, "activate", now)
    contract = contracts.activate(session, order, payment, now)
    await outbox.record(
        session,
        ContractActivated(
            **identity(order),
            request_number=order.request_number,
            contract_number=contract.number,
        ),
    )


async def _decline(session: AsyncSession, order: Order, payment: BillPaid) -> None:
    log.info("sales.payment.declined", order_id=order.id, payment_id=payment.payment_id, state=order.state)
    order.version += 1
    await outbox.record(
        session,
        PaymentDeclined(
            **identity(order),
            bill_id=payment.bill_id,
            payment_id=payment.payment_id,
            reason="order_lapsed",
        ),
    )
