"""An order that cannot take the money of its bill."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from events.sales import PaymentDeclined
from payment.returns import service


async def payment_declined(session: AsyncSession, event: PaymentDeclined, *, clock: Clock) -> None:
    await service.decline(session, event.payment_id, event.reason, clock())
