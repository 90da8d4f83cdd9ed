"""The states of a bill, and why one cannot be paid."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from chassis.errors import Problem


class Purpose(StrEnum):
    """What a bill asks money for."""

    DEPOSIT = "deposit"
    PREPAYMENT = "prepayment"
    PRINCIPAL = "principal"
    INSTALMENT = "instalment"
    PENALTY = "penalty"
    FEE = "fee"


VoidReason = Literal["order_lapsed", "order_cancelled", "order_voided", "invitation_expired", "bill_replaced"]
"""Why a bill is owed no more."""


class BillState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


MOVES: Mapping[BillState, frozenset[BillState]] = {
    BillState.OPEN: frozenset({BillState.PAID, BillState.CANCELLED}),
    BillState.PAID: frozenset({BillState.CANCELLED}),
    BillState.CANCELLED: frozenset(),
}


class IllegalBillMove(Exception):
    """A bill cannot go from its state to that one."""


def moved(current: BillState, to: BillState) -> BillState:
    """``to``, if the table allows it; raises ``IllegalBillMove``."""
    if to not in MOVES[current]:
        raise IllegalBillMove(f"{current} to {to}")
    return to


class BillIsPaid(Problem):
    code = "bill_paid"
    fa = "این قبض پرداخت شده است."
    en = "This bill is paid."


class BillIsCancelled(Problem):
    code = "bill_cancelled"
    fa = "این قبض باطل شده است."
    en = "This bill is cancelled."


class BillIsPastDue(Problem):
    code = "bill_past_due"
    fa = "مهلت پرداخت این قبض گذشته است."
    en = "The deadline of this bill has passed."


REFUSALS: Mapping[BillState, type[Problem]] = {
    BillState.PAID: BillIsPaid,
    BillState.CANCELLED: BillIsCancelled,
}


def check_payable(state: BillState, due_at: datetime, now: datetime, *, payable_late: bool) -> None:
    """Raises the rule that forbids to begin a payment of the bill."""
    if state in REFUSALS:
        raise REFUSALS[state]
    if now >= due_at and not payable_late:
        raise BillIsPastDue
