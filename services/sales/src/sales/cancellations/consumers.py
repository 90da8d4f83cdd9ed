"""What sales does when a refund has arrived."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from events.payment import RefundPaid
from sales.orders.moving import note
from sales.orders.tables import Order


async def on_refund_paid(session: AsyncSession, event: RefundPaid, *, clock: Clock) -> None:
    """Notes in the timeline that the money is in the buyer's account."""
    order = await session.get_one(Order, event.order_id, with_for_update=True)
    order.version += 1
    note(order, "refund_paid", clock())
