"""How statements and checks of the ledger look. Money is Rial."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from payment.bills.domain import Purpose
from payment.bills.views import BillView
from payment.ledger.domain import EntryKind
from payment.ledger.statements import Statement


class MovementView(BaseModel):
    """``change`` is by how much what is held for the order grew, ``balance`` what it is after it."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: UUID
    at: datetime
    kind: EntryKind
    change: int
    balance: int
    payment_id: UUID | None
    refund_id: UUID | None
    purpose: Purpose | None
    provider: str | None
    reference: str | None


class StatementView(BaseModel):
    """``received`` came, ``returned`` went back to who paid, ``refunded`` to a Sheba; ``balance`` is held."""

    order_id: UUID
    bills: list[BillView]
    movements: list[MovementView]
    received: int
    returned: int
    refunded: int
    balance: int

    @classmethod
    def of(cls, statement: Statement) -> Self:
        return cls(
            order_id=statement.order_id,
            bills=[BillView.model_validate(bill) for bill in statement.bills],
            movements=[MovementView.model_validate(each) for each in statement.movements],
            received=statement.total(EntryKind.RECEIVED),
            returned=-statement.total(EntryKind.RETURNED),
            refunded=-statement.total(EntryKind.REFUND_PAID),
            balance=statement.balance,
        )


class StaffStatement(StatementView):
    """``accounts`` are the order's sums in the ledger, debits above zero."""

    customer_id: UUID
    accounts: Mapping[str, int]

    @classmethod
    def of(cls, statement: Statement) -> Self:
        known = StatementView.of(statement).model_dump()
        return cls(**known, customer_id=statement.customer_id, accounts=statement.accounts)


class FoundStatement(BaseModel):
    """An order that has a statement."""

    order_id: UUID


class FoundStatements(BaseModel):
    items: list[FoundStatement]


class CheckView(BaseModel):
    """``kept``: every entry and the whole sum to zero, and the bills say the same as the ledger."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    checked_at: datetime
    kept: bool
    postings: int
    unbalanced: int
    difference: int
    bills_difference: int
    accounts: Mapping[str, int]


class Checks(BaseModel):
    items: list[CheckView]
    next_cursor: UUID | None = None
