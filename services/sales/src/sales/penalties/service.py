"""The statement of an order's delay, and the staff's table of rates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.logging import get_logger
from iran import tehran_date
from sales.contracts.tables import Contract
from sales.orders.domain import OrderState
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.penalties import queries
from sales.penalties.domain import statement, total_of
from sales.penalties.rows import NewRate
from sales.penalties.tables import DelayPenalty, PenaltyRate
from sales.penalties.views import Credit, DelayStatement, PenaltyLine, ReckonedLine

OWED_TO_NOBODY = frozenset({OrderState.INVITATION_EXPIRED, OrderState.DELIVERED})
"""No delay runs while the buyer keeps the maker waiting, nor once the car is there."""
log = get_logger(__name__)


async def state_delay(
    session: AsyncSession, order_id: UUID, customer_id: UUID, language: str, now: datetime
) -> DelayStatement:
    """What is owed to this customer as of today, or was credited; raises ``NotFound``."""
    query = (
        select(Order, Contract.activated_at, DelayPenalty)
        .outerjoin(Contract, Contract.order_id == Order.id)
        .outerjoin(DelayPenalty, DelayPenalty.order_id == Order.id)
        .where(Order.id == order_id, Order.customer_id == customer_id)
    )
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    if row.DelayPenalty is not None:
        return _credited(row.DelayPenalty, language)
    return await _running(session, row.Order, row.activated_at, language, now)


def _credited(penalty: DelayPenalty, language: str) -> DelayStatement:
    return DelayStatement(
        order_id=penalty.order_id,
        kind=penalty.kind,
        due_on=penalty.due_on,
        until=penalty.delivered_on,
        delivered=True,
        days=(penalty.delivered_on - penalty.due_on).days,
        lines=[PenaltyLine.told(ReckonedLine.model_validate(line), language) for line in penalty.lines],
        total=penalty.amount,
        credit=Credit(refund_id=penalty.refund_id, amount=penalty.amount, credited_at=penalty.credited_at),
    )


async def _running(
    session: AsyncSession, order: Order, activated_at: datetime | None, language: str, now: datetime
) -> DelayStatement:
    today, terms = tehran_date(now), terms_of(order)
    kind = queries.penalty_kind(terms)
    due_on = queries.due_on(terms, tehran_date(activated_at)) if activated_at else None
    runs = order.live and order.state not in OWED_TO_NOBODY and due_on is not None and due_on < today
    lines = []
    if runs and due_on is not None:
        paid = await queries.paid(session, [order.id])
        rates = await queries.rates(session)
        lines = list(statement(due_on, today, paid.get(order.id, ()), rates.get(kind, ())))
    return DelayStatement(
        order_id=order.id,
        kind=kind,
        due_on=due_on,
        until=today,
        delivered=order.state == OrderState.DELIVERED,
        days=(today - due_on).days if runs and due_on else 0,
        lines=[PenaltyLine.told(ReckonedLine.of(line), language) for line in lines],
        total=total_of(lines),
    )


async def add_rate(session: AsyncSession, command: NewRate, by: UUID, now: datetime) -> PenaltyRate:
    """A new version for its kind and day; what was credited before stays as it is."""
    newest = select(func.max(PenaltyRate.version)).where(
        PenaltyRate.kind == command.kind, PenaltyRate.valid_from == command.valid_from
    )
    version = (await session.scalar(newest) or 0) + 1
    rate = PenaltyRate(id=uuid7(), version=version, created_by=by, created_at=now, **command.model_dump())
    session.add(rate)
    await session.flush()
    log.info("sales.penalty_rate.added", rate_id=rate.id, kind=rate.kind, by=by)
    return rate


async def all_rates(session: AsyncSession) -> list[PenaltyRate]:
    """Every version there ever was, the newest day first."""
    query = select(PenaltyRate).order_by(
        PenaltyRate.kind, PenaltyRate.valid_from.desc(), PenaltyRate.version.desc()
    )
    return list(await session.scalars(query))
