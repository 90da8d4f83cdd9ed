"""How an order ends before its time: the car is free, the bills are void, the money goes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.messaging import outbox
from events.sales import OrderCancelled, OrderVoided, RefundRequested
from iran import tehran_date, working_deadline
from sales.cancellations.domain import PLAIN, Conditions, Quote, Received, quote
from sales.capacity import counters
from sales.invitations import expiring, queries
from sales.invitations import moving as invitations
from sales.invitations.domain import InvitationState
from sales.orders import queries as placed
from sales.orders.domain import HOLDING
from sales.orders.moving import identity, move
from sales.orders.received import received_for
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.transfers import service as transfers
from sales.working_days.queries import calendar

STANDING = frozenset({InvitationState.ISSUED, InvitationState.EXPIRED})


@dataclass(frozen=True)
class Ending:
    """``why`` is for cancellations, ``rule`` the one of eligibility that voids an order."""

    move: Literal["cancel", "void"]
    why: Literal["buyer", "expired"] = "buyer"
    rule: str = ""


async def locked(session: AsyncSession, order_ids: Sequence[UUID]) -> Sequence[Order]:
    """The orders and, before them, their offerings, locked: what every ending begins with."""
    await counters.lock_of_orders(session, order_ids)
    return await placed.locked(session, order_ids)


async def locked_one(session: AsyncSession, order_id: UUID) -> Order:
    """As ``locked``; raises ``NotFound``."""
    orders = await locked(session, [order_id])
    if not orders:
        raise NotFound
    return orders[0]


async def quote_of(session: AsyncSession, order: Order, now: datetime) -> Quote:
    """What a cancellation now comes to, by the terms of the order."""
    rates = terms_of(order).rates
    conditions = Conditions(rates.cancellation_profit, rates.cancellation_deduction)
    return await _quote(session, order, conditions, now)


async def whole_of(session: AsyncSession, order: Order, now: datetime) -> Quote:
    """All that was paid, no more and no less."""
    return await _quote(session, order, PLAIN, now)


async def _quote(session: AsyncSession, order: Order, conditions: Conditions, now: datetime) -> Quote:
    rows = await received_for(session, order.id)
    received = [Received(row.purpose, row.amount, tehran_date(row.paid_at)) for row in rows]
    return quote(received, conditions, tehran_date(now))


async def end(session: AsyncSession, quotes: Mapping[Order, Quote], ending: Ending, now: datetime) -> None:
    """Ends the ``locked`` orders and their open transfers. Their bills need no list: payment voids what is
    open when it hears of it, and what is paid for them meanwhile is declined.
    """
    freed = [order for order in quotes if order.state in HOLDING]
    for order, settled in quotes.items():
        await _withdraw_invitation(session, order, ending, now)
        move(order, ending.move, now, **({"rule": ending.rule} if ending.rule else {}))
        await _publish(session, order, settled, ending, now)
    await transfers.withdraw_of_ended(session, [order.id for order in quotes])
    await expiring.give_back(session, freed, now)


async def _withdraw_invitation(session: AsyncSession, order: Order, ending: Ending, now: datetime) -> None:
    invitation = await queries.latest(session, order.id)
    if invitation is not None and invitation.state in STANDING:
        invitations.move(invitation, "give_up" if ending.why == "expired" else "withdraw", now)


async def _publish(
    session: AsyncSession, order: Order, settled: Quote, ending: Ending, now: datetime
) -> None:
    about = {**identity(order), "request_number": order.request_number, "refund": settled.refund}
    if ending.move == "cancel":
        await outbox.record(session, OrderCancelled(**about, reason=ending.why))
    else:
        await outbox.record(session, OrderVoided(**about, rule=ending.rule))
    if settled.refund:
        await outbox.record(session, await _refund(session, order, settled, ending, now))


async def _refund(
    session: AsyncSession, order: Order, settled: Quote, ending: Ending, now: datetime
) -> RefundRequested:
    days = terms_of(order).periods.refund_days
    return RefundRequested(
        version=1,
        refund_id=uuid7(),
        order_id=order.id,
        customer_id=order.customer_id,
        amount=settled.refund,
        reason="order_cancelled" if ending.move == "cancel" else "order_voided",
        paid=settled.paid,
        profit=settled.profit,
        deductions=settled.deductions,
        due_at=working_deadline(now, days, await calendar(session)),
    )
