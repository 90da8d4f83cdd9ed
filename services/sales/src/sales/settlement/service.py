"""What buyers and staff do about the settlement of contracts."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Problem
from iran import tehran_date
from sales.invitations.tables import Invitation
from sales.orders.tables import Order
from sales.settlement import billing
from sales.settlement.account import Account, account_of
from sales.settlement.domain import Purpose
from sales.settlement.tables import LateFeeCap, SettlementBill


class CapInThePast(Problem):
    code = "cap_in_the_past"
    fa = "سقف تازه تنها از فردا به بعد می‌تواند برقرار شود."
    en = "A new ceiling can hold from tomorrow on only."


class CapTaken(Problem):
    code = "cap_taken"
    fa = "برای این روز سقفی ثبت شده است."
    en = "There is a ceiling for this day."


async def own_account(session: AsyncSession, order_id: UUID, customer_id: UUID) -> Account:
    """Raises ``NotFound`` for what is not this customer's."""
    order = await session.get(Order, order_id)
    if order is None or order.customer_id != customer_id:
        raise NotFound
    return await account_of(session, order)


async def ask_for_bill(
    session: AsyncSession, order_id: UUID, customer_id: UUID, purpose: Purpose, now: datetime
) -> SettlementBill | Invitation:
    """The open bill of this purpose; raises ``NotFound``, ``NotUnderContract`` or ``NothingOwed``."""
    order = await session.get(Order, order_id, with_for_update=True)
    if order is None or order.customer_id != customer_id:
        raise NotFound
    return await billing.ask(session, await account_of(session, order), purpose, now)


async def caps(session: AsyncSession) -> Sequence[LateFeeCap]:
    return (await session.scalars(select(LateFeeCap).order_by(LateFeeCap.valid_from.desc()))).all()


async def add_cap(
    session: AsyncSession, valid_from: date, rate: int, author: UUID, now: datetime
) -> LateFeeCap:
    """Fees of days that are over never change; raises ``CapInThePast`` or ``CapTaken``."""
    if valid_from <= tehran_date(now):
        raise CapInThePast
    if await session.get(LateFeeCap, valid_from) is not None:
        raise CapTaken
    row = LateFeeCap(valid_from=valid_from, rate=rate, created_by=author, created_at=now)
    session.add(row)
    await session.flush()
    return row
