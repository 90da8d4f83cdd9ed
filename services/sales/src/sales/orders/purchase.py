"""The purchase as a process: from the held car to the active contract, or back.

| step      | waits for          | until        | then                         | compensation            |
| --------- | ------------------ | ------------ | ---------------------------- | ----------------------- |
| placed    | `bill_paid`        | `pay_before` | pay, activate the contract   | -                       |
| placed    | `bill_paid`        | -            | void who is not eligible now | decline the payment     |
| overdue   | the clock          | -            | lapse                        | the car is free again   |
| any       | `bill_paid`        | -            | the step of its purpose      | -                       |
| ended     | a late `bill_paid` | -            | decline the payment          | payment returns money   |

Locks are taken offering first, then order, here as in the admission. An order that was invited does not
lapse: its invitation expires (`sales.invitations`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillPaid, BillPurpose, PaymentReturned
from events.sales import ContractActivated, OrderLapsed, PaymentDeclined
from sales.capacity import counters
from sales.contracts import service as contracts
from sales.invitations.expiring import give_back
from sales.invitations.tables import Invitation
from sales.orders.domain import OrderState
from sales.orders.moving import identity, move, note
from sales.orders.received import note_received
from sales.orders.tables import Order

LAPSE_BATCH = 200
DECLINED_FOR: Mapping[str, Literal["order_lapsed", "order_cancelled", "order_voided"]] = {
    OrderState.CANCELLED: "order_cancelled",
    OrderState.VOIDED: "order_voided",
}
_is_invited = exists().where(Invitation.order_id == Order.id, Invitation.state == "issued")
log = get_logger(__name__)


Step = Callable[[AsyncSession, Order, BillPaid, datetime], Awaitable[bool]]
"""What the money of a bill of one purpose does to the locked order; False when the order cannot take it."""


async def first_payment(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> bool:
    """Activates the contract of an order that waits for it."""
    if order.state != OrderState.AWAITING_PAYMENT:
        return False
    await _activate(session, order, payment, now)
    return True


async def nothing_first(session: AsyncSession, payment: BillPaid, now: datetime) -> None:
    """What is looked at when nothing is."""


async def nothing_more(session: AsyncSession, order: Order, now: datetime) -> None:
    """What follows from money that was taken when nothing else does."""


STEPS: Mapping[BillPurpose, Step] = {"prepayment": first_payment}
Beforehand = Callable[[AsyncSession, BillPaid, datetime], Awaitable[None]]
"""What is looked at before the order is locked and takes money."""
Afterwards = Callable[[AsyncSession, Order, datetime], Awaitable[None]]
"""What follows once the locked order has taken money."""


async def on_bill_paid(
    session: AsyncSession,
    event: BillPaid,
    *,
    clock: Clock,
    steps: Mapping[BillPurpose, Step] = STEPS,
    beforehand: Beforehand = nothing_first,
    afterwards: Afterwards = nothing_more,
) -> None:
    """Does the step of the bill's purpose, or declines the money that the order cannot take."""
    await beforehand(session, event, clock())
    order = await session.get_one(Order, event.order_id, with_for_update=True)
    step = steps.get(event.purpose)
    if step is not None and await step(session, order, event, clock()):
        note_received(session, event)
        await session.flush()
        await afterwards(session, order, clock())
    else:
        await _decline(session, order, event)


async def on_payment_returned(session: AsyncSession, event: PaymentReturned, *, clock: Clock) -> None:
    """Notes in the timeline that the money went back."""
    order = await session.get_one(Order, event.order_id, with_for_update=True)
    note(order, f"payment_{event.method}", clock())


async def lapse_overdue(session: AsyncSession, now: datetime) -> int:
    """Ends orders whose time to pay is over; their cars go to the reserve. How many, at most a batch."""
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
    await give_back(session, lapsed, now)
    return len(lapsed)


async def _overdue(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    ids = await session.scalars(
        select(Order.id)
        .where(Order.state == OrderState.AWAITING_PAYMENT, Order.pay_before < now, ~_is_invited)
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
    contract = await contracts.activate(session, order, payment, now)
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
            reason=DECLINED_FOR.get(order.state, "order_lapsed"),
        ),
    )
