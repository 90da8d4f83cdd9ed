"""What the settlement of contracts does by the clock."""

from datetime import date, timedelta
from functools import partial

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from iran import tehran_date
from sales.invitations.domain import InvitationState
from sales.invitations.tables import Invitation
from sales.orders import queries as orders
from sales.orders.domain import ENDED
from sales.orders.tables import Order
from sales.settlement import billing
from sales.settlement.account import account_of
from sales.settlement.domain import BILLABLE, BillState, InstalmentState
from sales.settlement.tables import Instalment, SettlementBill

BATCH = 100
EVERY_SECONDS = 5

_is_invited = exists().where(
    Invitation.order_id == SettlementBill.order_id,
    Invitation.purpose == SettlementBill.purpose,
    Invitation.state == InvitationState.ISSUED,
)


def settlement_jobs(database: Database, clock: Clock, ahead: timedelta) -> tuple[Job, ...]:
    return (
        Job("sales.instalments", EVERY_SECONDS, partial(bill_coming, database, clock, ahead)),
        Job("sales.stale_bills", EVERY_SECONDS, partial(withdraw_stale, database, clock)),
    )


async def bill_coming(database: Database, clock: Clock, ahead: timedelta) -> bool:
    """Asks for the bills of instalments that are due within ``ahead``; True when more may be waiting."""
    async with database.transaction() as session:
        until = tehran_date(clock() + ahead)
        await _void_of_ended(session, until)
        coming = (
            select(Instalment.order_id)
            .join(Order, Order.id == Instalment.order_id)
            .where(Instalment.state == InstalmentState.COMING, Instalment.due_on <= until)
            .where(Order.state.in_(BILLABLE))
            .order_by(Instalment.due_on)
            .limit(BATCH)
        )
        order_ids = (await session.scalars(coming)).all()
        billed = 0
        for order in await orders.locked(session, set(order_ids)):
            billed += await _bill(session, order, until)
    return len(order_ids) == BATCH and billed > 0


async def _bill(session: AsyncSession, order: Order, until: date) -> int:
    account = await account_of(session, order)
    billed = 0
    for row in account.instalments:
        if row.state == InstalmentState.COMING and row.due_on <= until and order.state in BILLABLE:
            billed += await billing.bill_instalment(session, account, row)
    return billed


async def _void_of_ended(session: AsyncSession, until: date) -> None:
    ended = select(Order.id).where(Order.state.in_(ENDED))
    await session.execute(
        update(Instalment)
        .where(Instalment.state == InstalmentState.COMING, Instalment.due_on <= until)
        .where(Instalment.order_id.in_(ended))
        .values(state=InstalmentState.VOID)
    )


async def withdraw_stale(database: Database, clock: Clock) -> bool:
    """Takes back final bills that are past due, or that an invitation replaced."""
    now = clock()
    stale = (SettlementBill.due_at < now) | _is_invited
    async with database.transaction() as session:
        query = select(SettlementBill.order_id).where(SettlementBill.state == BillState.OPEN, stale)
        order_ids = (await session.scalars(query.order_by(SettlementBill.due_at).limit(BATCH))).all()
        for order in await orders.locked(session, set(order_ids)):
            bills = await session.scalars(
                select(SettlementBill).where(
                    SettlementBill.order_id == order.id, SettlementBill.state == BillState.OPEN, stale
                )
            )
            for bill in bills:
                await billing.withdraw(session, order, bill)
    return len(order_ids) == BATCH
