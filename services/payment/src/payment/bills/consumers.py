"""What happens to orders, as sales tells it."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from events.sales import OrderLapsed, OrderPlaced
from payment.bills import service
from payment.bills.numbering import Biller


async def order_placed(session: AsyncSession, event: OrderPlaced, *, biller: Biller, clock: Clock) -> None:
    await service.issue(
        session,
        biller,
        order_id=event.order_id,
        customer_id=event.customer_id,
        amount=event.amount,
        due_at=event.pay_before,
        now=clock(),
    )


async def order_lapsed(session: AsyncSession, event: OrderLapsed, *, clock: Clock) -> None:
    await service.lapse(session, order_id=event.order_id, now=clock())
