"""Asking payment for the bills of a contract, and taking them back. The caller has locked the order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import BillPurpose
from events.sales import BillRequested, BillWithdrawn
from iran import end_of_day, tehran_date, working_deadline
from sales.contracts import addenda
from sales.invitations.tables import Invitation
from sales.orders.moving import note
from sales.orders.tables import Order
from sales.plans.tables import Offering
from sales.settlement.account import Account
from sales.settlement.domain import (
    BILLABLE,
    BillState,
    InstalmentState,
    NothingOwed,
    NotUnderContract,
    Purpose,
)
from sales.settlement.tables import Instalment, SettlementBill
from sales.working_days.queries import calendar

log = get_logger(__name__)


async def ask(
    session: AsyncSession, account: Account, purpose: Purpose, now: datetime
) -> SettlementBill | Invitation:
    """The open bill of this purpose, a new one if there is none: an invitation's counts, too.

    Raises ``NotUnderContract`` or ``NothingOwed``.
    """
    order = account.order
    if order.state not in BILLABLE or account.contract is None:
        raise NotUnderContract(order.state)
    invitation = account.invitation if purpose == "principal" else None
    return invitation or account.open_bill(purpose) or await _new_bill(session, account, purpose, now)


async def _new_bill(
    session: AsyncSession, account: Account, purpose: Purpose, now: datetime
) -> SettlementBill:
    if purpose == "penalty":
        amount = account.fees_owed(tehran_date(now))
    else:
        await _take_price_of_the_day(session, account, now)
        amount = account.outstanding - account.billed
    if amount <= 0:
        raise NothingOwed(purpose)
    days = account.terms.periods.settlement_days
    due_at = working_deadline(now, days, await calendar(session))
    bill = SettlementBill(
        id=uuid7(),
        order_id=account.order.id,
        purpose=purpose,
        amount=amount,
        state=BillState.OPEN,
        requested_at=now,
        due_at=due_at,
    )
    session.add(bill)
    await session.flush()
    await _request(session, account.order, bill.id, purpose, amount, due_at)
    return bill


async def _take_price_of_the_day(session: AsyncSession, account: Account, now: datetime) -> None:
    """Where the terms say so, the price of a car is the one of the day on which the rest of it is billed."""
    order = account.order
    if account.terms.price_policy != "day_price" or account.outstanding <= 0:
        return
    price = await session.scalar(select(Offering.price).where(Offering.id == order.offering_id))
    if price is not None and price != order.price:
        agreed, order.price = addenda.values_of(order), price
        order.version += 1
        note(order, "repriced", now)
        await addenda.append(session, order, "repriced", agreed, addenda.values_of(order), now)


async def bill_instalment(session: AsyncSession, account: Account, instalment: Instalment) -> bool:
    """Asks for an instalment whose time has come, unless an open bill or a payment covers it already."""
    if account.outstanding - account.billed < instalment.amount:
        return False
    instalment.bill_id = uuid7()
    instalment.state = InstalmentState.BILLED
    due_at = end_of_day(instalment.due_on)
    await _request(
        session, account.order, instalment.bill_id, "instalment", instalment.amount, due_at, late=True
    )
    return True


async def _request(
    session: AsyncSession,
    order: Order,
    bill_id: UUID,
    purpose: BillPurpose,
    amount: int,
    due_at: datetime,
    *,
    late: bool = False,
) -> None:
    event = BillRequested(
        version=1,
        bill_id=bill_id,
        order_id=order.id,
        customer_id=order.customer_id,
        purpose=purpose,
        amount=amount,
        due_at=due_at,
        payable_late=late,
    )
    await outbox.record(session, event)
    log.info("sales.bill.requested", order_id=order.id, bill_id=bill_id, purpose=purpose)


async def withdraw(session: AsyncSession, order: Order, bill: SettlementBill) -> None:
    """Money that comes for it from now on goes back."""
    bill.state = BillState.WITHDRAWN
    event = BillWithdrawn(
        version=2, bill_id=bill.id, order_id=order.id, customer_id=order.customer_id, reason="replaced"
    )
    await outbox.record(session, event)
    log.info("sales.bill.withdrawn", order_id=order.id, bill_id=bill.id)
