"""What happens when an invitation is not paid in time: the car goes to the next in reserve."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.sales import BillWithdrawn, InvitationExpired
from sales.capacity import counters
from sales.invitations import queries
from sales.invitations.domain import Purpose
from sales.invitations.issuing import periods_of
from sales.invitations.moving import move
from sales.invitations.reserve import hand_over
from sales.invitations.tables import Invitation
from sales.orders import moving as orders
from sales.orders import queries as placed
from sales.orders.moving import identity
from sales.orders.tables import Order

EXPIRE_BATCH = 200


async def expire_overdue(session: AsyncSession, now: datetime) -> int:
    """Expires invitations whose deadline has passed; how many, at most ``EXPIRE_BATCH``.

    Whoever else does the same waits at the locks and then finds them expired.
    """
    order_ids = await queries.overdue(session, now, EXPIRE_BATCH)
    await counters.lock_of_orders(session, order_ids)
    locked = await placed.locked(session, order_ids)
    issued = await queries.issued_for(session, order_ids)
    overdue = [order for order in locked if order.id in issued and issued[order.id].due_at < now]
    for order in overdue:
        await _expire(session, order, issued[order.id], now)
    await give_back(session, overdue, now)
    return len(overdue)


async def give_back(session: AsyncSession, orders_: Sequence[Order], now: datetime) -> None:
    """Frees the cars of these orders and hands each to the next in reserve, where the plan has one.

    The caller called ``counters.lock_of_orders`` before it locked the orders, and has moved them.
    """
    await counters.release(session, orders_)
    await hand_over(session, orders_, now)


async def _expire(session: AsyncSession, order: Order, invitation: Invitation, now: datetime) -> None:
    purpose: Purpose = "prepayment" if invitation.purpose == "prepayment" else "principal"
    move(invitation, "expire", now)
    orders.move(order, "expire", now)
    asks_until = periods_of(order, purpose).gives_up_at(invitation.due_at)
    invitation.gives_up_at = asks_until
    await outbox.record(
        session,
        withdrawal(order, invitation, "invitation_expired"),
        InvitationExpired(
            **identity(order),
            invitation_id=invitation.id,
            invitation_number=invitation.number,
            asks_until=asks_until,
        ),
    )


def withdrawal(order: Order, invitation: Invitation, reason: str) -> BillWithdrawn:
    """The bill of an invitation is not owed any more; ``reason`` is one of the event's."""
    return BillWithdrawn.model_validate(
        {
            "version": 2,
            "bill_id": invitation.bill_id,
            "order_id": order.id,
            "customer_id": order.customer_id,
            "reason": reason,
        }
    )
