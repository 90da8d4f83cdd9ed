"""How the settlement of a contract looks to its buyer. Money in Rial, rates in basis points a year."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from iran import tehran_date
from sales.invitations.tables import Invitation
from sales.settlement.account import Account
from sales.settlement.domain import FeeLine, InstalmentState, fee_of
from sales.settlement.tables import Instalment, SettlementBill

ScheduleState = Literal["coming", "billed", "late", "paid", "covered", "void"]


class LateFeeLine(BaseModel):
    """``days`` from ``since`` on ``base``; its fee is ``base x rate / 10000 x days / 365``."""

    since: date
    days: int
    base: int
    rate: int

    @classmethod
    def of(cls, line: FeeLine) -> "LateFeeLine":
        return cls(since=line.since, days=line.days, base=line.base, rate=line.rate)


class ScheduledInstalment(BaseModel):
    """``late_fee`` is the sum of its lines, rounded down to a thousand Rial."""

    number: int
    amount: int
    due_on: date
    state: ScheduleState
    bill_id: UUID | None
    paid_at: datetime | None
    late_fee: int
    late_fee_lines: list[LateFeeLine]


class Schedule(BaseModel):
    """``outstanding`` is what is left of the price; ``late_fee_owed`` of the late fees so far."""

    order_id: UUID
    price: int
    paid: int
    outstanding: int
    late_fee: int
    late_fee_owed: int
    instalments: list[ScheduledInstalment]
    settled_at: datetime | None

    @classmethod
    def of(cls, account: Account, now: datetime) -> "Schedule":
        today = tehran_date(now)
        return cls(
            order_id=account.order.id,
            price=account.order.price,
            paid=account.paid,
            outstanding=max(account.outstanding, 0),
            late_fee=account.fees(today),
            late_fee_owed=account.fees_owed(today),
            instalments=[_row(account, one, today) for one in account.instalments],
            settled_at=account.contract.settled_at if account.contract else None,
        )


def _row(account: Account, row: Instalment, today: date) -> ScheduledInstalment:
    lines = account.fee_lines(row, today)
    return ScheduledInstalment(
        number=row.number,
        amount=row.amount,
        due_on=row.due_on,
        state=_state(row, today),
        bill_id=row.bill_id,
        paid_at=row.paid_at,
        late_fee=fee_of(lines),
        late_fee_lines=[LateFeeLine.of(line) for line in lines],
    )


def _state(row: Instalment, today: date) -> ScheduleState:
    state = InstalmentState(row.state)
    is_open = state in {InstalmentState.COMING, InstalmentState.BILLED}
    return "late" if is_open and row.due_on < today else state.value


class RequestedBill(BaseModel):
    """A bill that payment issues under this id in a moment; then ``GET /bills/{id}`` has its bank ids."""

    id: UUID
    order_id: UUID
    purpose: str
    amount: int
    paid: int = 0
    due_at: datetime
    state: Literal["open"] = "open"

    @classmethod
    def of(cls, bill: SettlementBill | Invitation) -> "RequestedBill":
        return cls(
            id=bill.bill_id if isinstance(bill, Invitation) else bill.id,
            order_id=bill.order_id,
            purpose=bill.purpose,
            amount=bill.amount,
            due_at=bill.due_at,
        )
