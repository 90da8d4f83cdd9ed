"""What an order's bills, payments and refunds come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from payment.bills.domain import BillState
from payment.bills.tables import Bill
from payment.payments.domain import LIVE
from payment.payments.tables import Payment
from payment.refunds.domain import RefundState
from payment.refunds.tables import Refund


@dataclass(frozen=True)
class Standing:
    """The rows of one order, the oldest first; ``returning`` are payments whose money is being sent back."""

    bills: Sequence[Bill]
    payments: Sequence[Payment]
    returning: Sequence[Payment]
    refunds: Sequence[Refund]

    @property
    def billed(self) -> int:
        """Rial that are or were owed: what was cancelled is not."""
        return sum(bill.amount for bill in self.bills if bill.state is not BillState.CANCELLED)

    @property
    def paid(self) -> int:
        return sum(bill.paid for bill in self.bills)

    @property
    def outstanding(self) -> int:
        return self.billed - self.paid

    @property
    def on_the_way_back(self) -> int:
        """Rial: through the provider they came by, or to the Sheba."""
        owed = sum(refund.amount for refund in self.refunds if refund.state is not RefundState.PAID)
        return owed + sum(payment.received or payment.amount for payment in self.returning)

    @property
    def in_hand(self) -> Payment | None:
        """The payment that is not settled: nobody can begin another one for its bill."""
        return next((payment for payment in reversed(self.payments) if payment.state in LIVE), None)

    def next_bill(self, now: datetime) -> Bill | None:
        """The bill to pay first: of those that can be paid, the one that is due first."""
        payable = [
            bill
            for bill in self.bills
            if bill.state is BillState.OPEN and (bill.payable_late or now < bill.due_at)
        ]
        return min(payable, key=lambda bill: (bill.due_at, bill.id), default=None)
