"""What happens to orders, as sales tells it."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from events.sales import BillRequested, BillWithdrawn, OrderLapsed, OrderPlaced
from payment.bills import service
from payment.bills.domain import Purpose, VoidReason
from payment.bills.issuing import Claim, Issuer

VOID_REASONS: Mapping[str, VoidReason] = {
    "replaced": "bill_replaced",
    "invitation_expired": "invitation_expired",
    "order_cancelled": "order_cancelled",
    "order_voided": "order_voided",
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


async def order_lapsed(session: AsyncSession, event: OrderLapsed, *, clock: Clock) -> None:
    await service.lapse(session, order_id=event.order_id, now=clock())
