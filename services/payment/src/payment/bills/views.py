"""How bills look."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from payment.bills.domain import BillState, Purpose, VoidReason


class BillView(BaseModel):
    """Amounts are Rial. The pair of ids pays the whole bill at a bank: null when the amount does not fit into
    one, and when a part is paid already.

    A bill that is ``payable_late`` can be paid after ``due_at``, too. ``cancelled_for`` says why a cancelled
    one is owed no more; ``bill_replaced``: another one of the order asks for it.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    bank_bill_id: str | None
    bank_payment_id: str | None
    amount: int
    paid: int
    purpose: Purpose
    issued_at: datetime
    due_at: datetime
    payable_late: bool
    state: BillState
    cancelled_for: VoidReason | None

    @model_validator(mode="after")
    def _pair_of_the_whole(self) -> Self:
        if 0 < self.paid < self.amount:
            self.bank_bill_id = self.bank_payment_id = None
        return self


class Bills(BaseModel):
    items: list[BillView]
    next_cursor: str | None = None
