"""What becomes of money that a bank took for a bill."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.errors import Sentence
from payment.bills.domain import BillState
from payment.differences.domain import Reason
from payment.ledger.domain import BANK

AT_BANK_COUNTER = BANK
"""What a payment of this kind calls its provider; its money is on our own account."""
KNOWN = Sentence("این واریز پیش‌تر ثبت شده است.", "This deposit is known already.")
DIFFERS = Sentence(
    "این شماره‌ی پیگیری پیش‌تر با مبلغ یا قبض دیگری آمده است.",
    "This reference came before, with another amount or bill.",
)


class Outcome(StrEnum):
    """``counted``: for its bill, wholly or in part; ``goes_back``: all of it."""

    COUNTED = "counted"
    GOES_BACK = "goes_back"
    UNKNOWN_BILL = "unknown_bill"


@dataclass(frozen=True)
class Sharing:
    """How a deposit is shared out, in Rial: for the bill, and back to the buyer; ``reason`` if it differs."""

    counts: int
    goes_back: int
    reason: Reason | None


def shared(amount: int, outstanding: int, state: BillState, *, in_time: bool) -> Sharing:
    """``in_time``: the bank took the money before the bill was due, whenever it told us."""
    if state is BillState.CANCELLED:
        return Sharing(0, amount, Reason.TOLD_LATE if in_time else Reason.TOO_LATE)
    if state is BillState.PAID:
        return Sharing(0, amount, Reason.PAID_TWICE)
    if amount > outstanding:
        return Sharing(outstanding, amount - outstanding, Reason.TOO_MUCH)
    return Sharing(amount, 0, Reason.TOO_LITTLE if amount < outstanding else None)


@dataclass
class Standing:
    """What a bill can still take while deposits are shared out, one after the other; Rial."""

    outstanding: int
    state: BillState

    def share(self, amount: int, *, in_time: bool) -> Sharing:
        share = shared(amount, self.outstanding, self.state, in_time=in_time)
        self.outstanding -= share.counts
        if self.state is BillState.OPEN and not self.outstanding:
            self.state = BillState.PAID
        return share


def is_in_time(on: date, due_on: date) -> bool:
    return on <= due_on
