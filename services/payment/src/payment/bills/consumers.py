"""What happens to orders, as sales tells it."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from events.event import Event
from events.sales import (
    BillPostponed,
    BillRequested,
    BillWithdrawn,
    OrderCancelled,
    OrderLapsed,
    OrderPlaced,
    OrderTransferred,
    OrderVoided,
)
from payment.bills import service
from payment.bills.domain import Purpose, VoidReason
from payment.bills.issuing import Claim, Issuer
from payment.bills.reminding import Reminding

VOID_REASONS: Mapping[str, VoidReason] = {
    "replaced": "bill_replaced",
    "invitation_expired": "invitation_expired",
    "order_cancelled": "order_cancelled",
    "order_voided": "order_voided",
}
END_REASONS: Mapping[type[Event], VoidReason] = {
    OrderLapsed: "order_lapsed",
    OrderCancelled: "order_cancelled",
    OrderVoided: "order_voided",
}


async def order_placed(session: AsyncSession, event: OrderPlaced, *, issuer: Issuer, clock: Clock) -> None:
    claim = Claim(event.order_id, event.customer_id, Purpose.PREPAYMENT, event.amount, event.pay_before)
    await issuer.first_bill(session, claim, clock())


async def bill_requested(
    session: AsyncSession, event: BillRequested, *, issuer: Issuer, clock: Clock
) -> None:
    claim = Claim(
        event.order_id,
        event.customer_id,
        Purpose(event.purpose),
        event.amount,
        event.due_at,
        event.payable_late,
    )
    await issuer.requested_bill(session, event.bill_id, claim, clock())


async def bill_withdrawn(session: AsyncSession, event: BillWithdrawn, *, clock: Clock) -> None:
    await service.withdraw(session, bill_id=event.bill_id, reason=VOID_REASONS[event.reason], now=clock())


async def bill_postponed(session: AsyncSession, event: BillPostponed, *, reminding: Reminding) -> None:
    await service.postpone(session, reminding, bill_id=event.bill_id, to=event.due_at)


async def order_ended(
    session: AsyncSession, event: OrderLapsed | OrderCancelled | OrderVoided, *, clock: Clock
) -> None:
    reason = END_REASONS[type(event)]
    await service.close(session, order_id=event.order_id, reason=reason, now=clock())


async def order_transferred(session: AsyncSession, event: OrderTransferred) -> None:
    await service.hand_over(
        session, order_id=event.order_id, customer_id=event.customer_id, version=event.version
    )
