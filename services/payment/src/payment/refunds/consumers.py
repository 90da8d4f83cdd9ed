"""What sales asks to be paid back."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from events.sales import RefundRequested
from payment.refunds import service


async def refund_requested(session: AsyncSession, event: RefundRequested, *, clock: Clock) -> None:
    await service.owe(session, event, clock())
