"""What the money of a bill does to a contract: it pays instalments and final bills, and settles it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.payment import BillPaid, BillPartPaid, BillPurpose
from events.sales import OrderSettled
from iran import tehran_date
from sales.orders import purchase
from sales.orders.domain import OrderState
from sales.orders.moving import identity, move, note
from sales.orders.purchase import Step
from sales.orders.tables import Order
from sales.plans.terms import due_on
from sales.settlement import billing
from sales.settlement.account import Account, account_of
from sales.settlement.domain import BILLABLE, UNDER_CONTRACT, BillState, InstalmentState
from sales.settlement.tables import BillPart, Instalment, SettlementBill


async def first_payment(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> bool:
    """Activates the contract and writes its schedule down."""
    if not await purchase.first_payment(session, order, payment, now):
        return False
    terms = (await account_of(session, order)).terms
    rows = [
        {
            "order_id": order.id,
            "number": each.number,
            "amount": each.amount,
            "due_on": due_on(each, tehran_date(now)),
            "state": InstalmentState.COMING,
        }
        for each in terms.schedule
        if each.amount > 0
    ]
    if rows:
        await session.execute(insert(Instalment).values(rows).on_conflict_do_nothing())
    return True


async def instalment(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> bool:
    """Pays an instalment, whatever its day."""
    row = await session.scalar(select(Instalment).where(Instalment.bill_id == payment.bill_id))
    if row is None or row.state != InstalmentState.BILLED or order.state not in UNDER_CONTRACT:
        return False
    if payment.amount > (await account_of(session, order)).outstanding:
        return False
    row.state, row.paid_at = InstalmentState.PAID, payment.paid_at
    return True


async def final_bill(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> bool:
    """Takes no more than is outstanding, and nothing for a bill that was withdrawn."""
    if order.state not in UNDER_CONTRACT:
        return False
    bill = await session.get(SettlementBill, payment.bill_id)
    if bill is not None and bill.state != BillState.OPEN:
        return False
    account = await account_of(session, order)
    if payment.purpose == "principal" and payment.amount > account.outstanding:
        return False
    if bill is not None:
        bill.state = BillState.PAID
    return True


async def note_part(session: AsyncSession, event: BillPartPaid) -> None:
    """Remembers when a part came: the late fee stops for it."""
    row = {
        "payment_id": event.payment_id,
        "bill_id": event.bill_id,
        "amount": event.amount,
        "paid_at": event.paid_at,
    }
    await session.execute(insert(BillPart).values(row).on_conflict_do_nothing())


async def settle(session: AsyncSession, order: Order, now: datetime) -> None:
    """Moves a contract on when nothing more is to be paid before its car is allocated, and says so when
    all of it is paid. What is owed for being late is asked for then.
    """
    account = await account_of(session, order)
    owed = account.fees_owed(tehran_date(now))
    if account.outstanding <= 0:
        _cover(account)
        if owed and account.open_bill("penalty") is None and order.state in BILLABLE:
            await billing.ask(session, account, "penalty", now)
    if owed or order.state not in UNDER_CONTRACT:
        return
    if order.state == OrderState.CONTRACT_ACTIVE and account.due_before_delivery <= 0:
        move(order, "settle", now)
    if account.outstanding <= 0:
        await _announce(session, account, now)


def _cover(account: Account) -> None:
    for row in account.instalments:
        if row.state == InstalmentState.COMING:
            row.state = InstalmentState.COVERED


async def _announce(session: AsyncSession, account: Account, now: datetime) -> None:
    order, contract = account.order, account.contract
    assert contract is not None, "money of an order under contract"
    if contract.settled_at is not None:
        return
    contract.settled_at = now
    note(order, "fully_paid", now)
    order.version += 1
    event = OrderSettled(
        **identity(order), request_number=order.request_number, contract_number=contract.number
    )
    await outbox.record(session, event)


STEPS: Mapping[BillPurpose, Step] = {
    "prepayment": first_payment,
    "instalment": instalment,
    "principal": final_bill,
    "penalty": final_bill,
}
