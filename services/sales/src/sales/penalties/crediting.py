"""At the delivery the penalty is credited by itself, in the transaction that notes the delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.event import Event
from events.sales import DelayPenaltyCredited, RefundRequested
from sales.orders.moving import note
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.penalties import queries
from sales.penalties.domain import statement, total_of
from sales.penalties.tables import DelayPenalty
from sales.penalties.views import ReckonedLine

CREDITED = "delay_penalty_credited"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """An order, locked, whose car was handed over on a day."""

    order: Order
    contract_number: str
    activated_on: date
    on: date


async def credit(session: AsyncSession, deliveries: Sequence[Delivered], now: datetime) -> None:
    """Asks for the refund of what is owed to each of them; an order is delivered once, so this is, too."""
    late = [(one, due) for one in deliveries if (due := _due(one)) is not None]
    if not late:
        return
    rates = await queries.rates(session)
    paid = await queries.paid(session, [one.order.id for one, _ in late])
    events: list[Event] = []
    for one, (kind, due_on) in late:
        lines = statement(due_on, one.on, paid.get(one.order.id, ()), rates.get(kind, ()))
        if amount := total_of(lines):
            penalty = DelayPenalty(
                order_id=one.order.id,
                refund_id=uuid7(),
                kind=kind,
                due_on=due_on,
                delivered_on=one.on,
                amount=amount,
                lines=[ReckonedLine.of(line).model_dump(mode="json") for line in lines],
                credited_at=now,
            )
            session.add(penalty)
            note(one.order, CREDITED, now)
            log.info("sales.delay_penalty.credited", order_id=one.order.id, refund_id=penalty.refund_id)
            events.extend(_told(one, penalty))
    await outbox.record(session, *events)


def _due(one: Delivered) -> tuple[str, date] | None:
    """The kind of the penalty and the day after which it runs, for who got the car too late."""
    terms = terms_of(one.order)
    due_on = queries.due_on(terms, one.activated_on)
    if due_on is None or one.on <= due_on:
        return None
    return queries.penalty_kind(terms), due_on


def _told(one: Delivered, penalty: DelayPenalty) -> tuple[Event, Event]:
    asked = RefundRequested(
        refund_id=penalty.refund_id,
        version=1,
        order_id=one.order.id,
        customer_id=one.order.customer_id,
        amount=penalty.amount,
        reason="delay_penalty",
        profit=penalty.amount,
    )
    told = DelayPenaltyCredited(
        order_id=one.order.id,
        version=one.order.version,
        customer_id=one.order.customer_id,
        refund_id=penalty.refund_id,
        contract_number=one.contract_number,
        amount=penalty.amount,
    )
    return asked, told
