"""Checking buyers again at the turns of an order: before its contract is made, before its car gets a plate.

Source: the makers' rules, by which an order is void whenever, before the delivery, its buyer turns out not to
be eligible. Only an answer voids, here as in ``service``.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from events.payment import BillPaid
from sales.contracts.tables import Contract
from sales.eligibility.evidence import Occasion
from sales.orders.domain import OrderState
from sales.orders.tables import Order
from sales.rechecks.judging import Buyer, Void, failed, judge_buyers

BEFORE_CONTRACT = (OrderState.AWAITING_PAYMENT,)
BEFORE_PLATE = (OrderState.SETTLED, OrderState.ALLOCATED, OrderState.INVOICED)
log = get_logger(__name__)


async def before_contract(session: AsyncSession, payment: BillPaid, now: datetime, *, void: Void) -> None:
    """For the payment that would activate a contract; nothing is locked yet."""
    if payment.purpose == "prepayment":
        await _check(session, Order.id == payment.order_id, BEFORE_CONTRACT, "contract", now, void)


async def before_plates(
    session: AsyncSession, contract_numbers: Collection[str], now: datetime, *, void: Void
) -> frozenset[str]:
    """The contracts whose orders are void now; no order is locked yet."""
    of_contracts = select(Contract.order_id).where(Contract.number.in_(contract_numbers))
    voided = await _check(session, Order.id.in_(of_contracts), BEFORE_PLATE, "plate", now, void)
    return frozenset(await session.scalars(select(Contract.number).where(Contract.order_id.in_(voided))))


async def _check(
    session: AsyncSession,
    which: ColumnElement[bool],
    states: Collection[OrderState],
    occasion: Occasion,
    now: datetime,
    void: Void,
) -> list[UUID]:
    """The orders that it voids."""
    columns = Order.plan_id, Order.id, Order.customer_id, Order.applicant_class
    buyers: dict[UUID, list[Buyer]] = defaultdict(list)
    for row in await session.execute(select(*columns).where(which, Order.state.in_(states))):
        buyers[row.plan_id].append(Buyer(row.id, row.customer_id, row.applicant_class))
    voided: list[UUID] = []
    for plan_id, of_plan in buyers.items():
        verdicts = await judge_buyers(session, plan_id, of_plan, occasion, now)
        for rule, order_ids in failed(verdicts).items():
            await void(session, order_ids, rule, now)
            log.info("sales.orders.found_out", occasion=occasion, rule=rule, orders=len(order_ids))
            voided += order_ids
    return voided
