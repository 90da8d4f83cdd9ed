"""The states of a payment, as one table, and what the provider's word makes of a payment and its bill."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from chassis.errors import Problem
from payment.bills.domain import BillState
from payment.providers.port import Conflict, SessionState, Unanswered, Verified

ReturnReason = Literal[
    "order_lapsed", "order_cancelled", "amount_conflict", "reference_conflict", "duplicate"
]
"""Why money goes back, as ``events.payment.PaymentReturned`` has it."""


class PaymentState(StrEnum):
    """``conflicted``: money came that is not what was asked for; it is never counted and goes back."""

    STARTED = "started"
    AT_BANK = "at_bank"
    UNKNOWN = "unknown"
    VERIFIED = "verified"
    FAILED = "failed"
    CONFLICTED = "conflicted"
    REVERSED = "reversed"
    REFUNDED = "refunded"


LIVE = frozenset({PaymentState.STARTED, PaymentState.AT_BANK, PaymentState.UNKNOWN})
"""A bill has at most one payment in these states."""
ASKABLE = frozenset({PaymentState.AT_BANK, PaymentState.UNKNOWN})
"""The provider may know more about these than we do."""

SETTLED = frozenset(
    {PaymentState.VERIFIED, PaymentState.FAILED, PaymentState.CONFLICTED, PaymentState.REVERSED}
)
MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    PaymentState.STARTED: frozenset({PaymentState.AT_BANK, PaymentState.FAILED}),
    PaymentState.AT_BANK: SETTLED | {PaymentState.UNKNOWN},
    PaymentState.UNKNOWN: SETTLED | {PaymentState.AT_BANK},
    PaymentState.VERIFIED: frozenset({PaymentState.REVERSED, PaymentState.REFUNDED}),
    PaymentState.CONFLICTED: frozenset({PaymentState.REVERSED, PaymentState.REFUNDED}),
    PaymentState.FAILED: frozenset(),
    PaymentState.REVERSED: frozenset(),
    PaymentState.REFUNDED: frozenset(),
}


class IllegalPaymentMove(Exception):
    """A payment cannot go from its state to that one."""


def moved(current: PaymentState, to: PaymentState) -> PaymentState:
    """``to``, if the table allows it; raises ``IllegalPaymentMove``."""
    if to not in MOVES[current]:
        raise IllegalPaymentMove(f"{current} to {to}")
    return to


Outcome = Verified | Conflict | Unanswered | SessionState
"""What asking the provider about a payment came to; a ``SessionState`` means that nothing was verified."""

STATE_OF_SESSION: Mapping[SessionState, PaymentState] = {
    SessionState.IN_BANK: PaymentState.AT_BANK,
    SessionState.FAILED: PaymentState.FAILED,
    SessionState.REVERSED: PaymentState.REVERSED,
    SessionState.PAID: PaymentState.UNKNOWN,
    SessionState.VERIFIED: PaymentState.UNKNOWN,
}
"""After a verification that found nothing: money that came since then is found by asking again."""


@dataclass(frozen=True)
class Settlement:
    """``received`` Rial of ours are at the provider (0: none, or the provider does not say how many);
    ``counts`` says that they pay the bill; ``goes_back`` why the money must be returned."""

    state: PaymentState
    received: int = 0
    counts: bool = False
    goes_back: ReturnReason | None = None


RETURN_FOR_BILL: Mapping[BillState, ReturnReason | None] = {
    BillState.OPEN: None,
    BillState.CANCELLED: "order_lapsed",
    BillState.PAID: "duplicate",
}


def settlement(outcome: Outcome, *, asked: int, bill: BillState, reference_is_free: bool) -> Settlement:
    """What is to be written for a live payment of ``asked`` Rial.

    ``reference_is_free`` is False when the bank's reference belongs to another payment.
    """
    match outcome:
        case Verified(amount=amount):
            return _with_money(amount, asked, bill, reference_is_free)
        case Conflict(amount=amount):
            return Settlement(PaymentState.CONFLICTED, amount or 0, goes_back="amount_conflict")
        case Unanswered():
            return Settlement(PaymentState.UNKNOWN)
        case SessionState():
            return Settlement(STATE_OF_SESSION[outcome])


def _with_money(amount: int, asked: int, bill: BillState, reference_is_free: bool) -> Settlement:
    if not reference_is_free:
        return Settlement(PaymentState.CONFLICTED, amount, goes_back="reference_conflict")
    if amount != asked:
        return Settlement(PaymentState.CONFLICTED, amount, goes_back="amount_conflict")
    back = RETURN_FOR_BILL[bill]
    return Settlement(PaymentState.VERIFIED, amount, counts=back is None, goes_back=back)


class PaymentIsUnknown(Problem):
    code = "payment_unknown"
    fa = "نتیجه‌ی پرداخت پیشین هنوز روشن نیست؛ تا روشن شدن آن پرداخت دیگری آغاز نمی‌شود."
    en = "The outcome of the previous payment is not known yet; no other one starts until it is."


class PaymentIsStarting(Problem):
    code = "payment_starting"
    fa = "پرداختی برای این قبض در حال آغاز است؛ چند لحظه‌ی دیگر دوباره تلاش کنید."
    en = "A payment of this bill is just being started; try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class PaymentHasFailed(Problem):
    code = "payment_failed"
    fa = "این پرداخت آغاز نشد؛ پرداخت تازه‌ای آغاز کنید."
    en = "This payment could not be started; start a new one."


class AmountNotPayable(Problem):
    code = "amount_not_payable"
    fa = "این قبض یک‌جا پرداخت می‌شود: {outstanding} ریال."
    en = "This bill is paid in one part: {outstanding} Rial."


class ProviderUnavailable(Problem):
    status = 503
    code = "provider_unavailable"
    fa = "درگاه پرداخت اکنون پاسخ نمی‌دهد؛ چند لحظه‌ی دیگر دوباره تلاش کنید."
    en = "The payment provider does not answer now; try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
