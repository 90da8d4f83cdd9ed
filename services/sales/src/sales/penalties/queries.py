"""What a penalty is reckoned from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from iran import tehran_date
from sales.orders.received import OrderPayment
from sales.penalties.domain import Paid, Rate
from sales.penalties.tables import PenaltyRate
from sales.plans.freezing import PENALTY_OF_KIND
from sales.plans.terms import OrderTerms

NOT_THE_PRICE = frozenset({"fee", "penalty"})
"""What is paid for these does not buy the car."""


async def rates(session: AsyncSession) -> Mapping[str, Sequence[Rate]]:
    """The rates that hold, by kind, each in the order of their days."""
    rows = await session.scalars(
        select(PenaltyRate)
        .ext(distinct_on(PenaltyRate.kind, PenaltyRate.valid_from))
        .order_by(PenaltyRate.kind, PenaltyRate.valid_from, PenaltyRate.version.desc())
    )
    found: defaultdict[str, list[Rate]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(Rate(row.valid_from, row.monthly, row.yearly_deposit, row.divisor))
    return found


async def paid(session: AsyncSession, order_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Paid]]:
    """What was paid of the price of each order, by the days of Tehran."""
    rows = await session.execute(
        select(OrderPayment.order_id, OrderPayment.paid_at, OrderPayment.amount)
        .where(OrderPayment.order_id.in_(order_ids), OrderPayment.purpose.not_in(NOT_THE_PRICE))
        .order_by(OrderPayment.paid_at, OrderPayment.payment_id)
    )
    found: defaultdict[UUID, list[Paid]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(Paid(tehran_date(row.paid_at), row.amount))
    return found


def due_on(terms: OrderTerms, activated_on: date) -> date | None:
    """The last day of the delivery window; None when no window was promised."""
    delivery = terms.delivery
    if delivery.until_date is not None or delivery.days is None:
        return delivery.until_date
    return activated_on + timedelta(days=delivery.days)


def penalty_kind(terms: OrderTerms) -> str:
    return terms.rates.penalty_kind or PENALTY_OF_KIND[terms.kind]
