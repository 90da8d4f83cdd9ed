"""The states of a payment, as one table, and what the provider's word makes of a payment and its bill."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from chassis.errors import Problem
from iran import Rial
from payment.bills.domain import BillState, VoidReason
from payment.providers.port import Conflict, NotPaid, SessionState, Unanswered, Verified

ReturnReason = VoidReason | Literal["amount_conflict", "reference_conflict", "duplicate"]
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


Outcome = Verified | NotPaid | Conflict | Unanswered | SessionState
"""What asking the provider about a payment came to; a ``SessionState`` means that nothing was verified, and
``NotPaid`` that the provider cannot say more than that."""

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


def settlement(
    outcome: Outcome,
    *,
    asked: int,
    bill: BillState,
    reference_is_free: bool,
    cancelled_for: VoidReason | None = None,
    is_over: bool = False,
) -> Settlement:
    """What is to be written for a live payment of ``asked`` Rial.

    ``reference_is_free`` is False when the bank's reference belongs to another payment; ``cancelled_for``
    says why a cancelled bill is owed no more; ``is_over`` that no money can come any more.
    """
    match outcome:
        case Verified(amount=amount):
            if not reference_is_free:
                return Settlement(PaymentState.CONFLICTED, amount, goes_back="reference_conflict")
            if amount != asked:
                return Settlement(PaymentState.CONFLICTED, amount, goes_back="amount_conflict")
            back = _return_for(bill, cancelled_for)
            return Settlement(PaymentState.VERIFIED, amount, counts=back is None, goes_back=back)
        case Conflict(amount=amount):
            return Settlement(PaymentState.CONFLICTED, amount or 0, goes_back="amount_conflict")
        case _:
            return Settlement(_standing(outcome, is_over))


def _standing(outcome: Unanswered | NotPaid | SessionState, is_over: bool) -> PaymentState:
    if isinstance(outcome, SessionState):
        return STATE_OF_SESSION[outcome]
    if isinstance(outcome, Unanswered):
        return PaymentState.UNKNOWN
    return PaymentState.FAILED if is_over else PaymentState.AT_BANK


def _return_for(bill: BillState, cancelled_for: VoidReason | None) -> ReturnReason | None:
    reasons: Mapping[BillState, ReturnReason | None] = {
        BillState.OPEN: None,
        BillState.CANCELLED: cancelled_for or "order_lapsed",
        BillState.PAID: "duplicate",
    }
    return reasons[bill]


class Part(StrEnum):
    """How a payment's amount came about: all that was outstanding, what the buyer asked for, or as much
    as a card carries in a day."""

    WHOLE = "whole"
    ASKED = "asked"
    CARD_CEILING = "card_ceiling"


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
    fa = (
        "مبلغ هر بخش از {smallest.text_fa} تا مانده‌ی قبض است: {outstanding.text_fa}؛ "
        "آنچه می‌ماند نیز کمتر از {smallest.text_fa} نباشد."
    )
    en = "A part is from {smallest:,} Rial to what is outstanding: {outstanding:,} Rial; so is what remains."

    def __init__(self, *, outstanding: int, smallest: int) -> None:
        super().__init__(outstanding=Rial(outstanding), smallest=Rial(smallest))


class NotItsDay(Problem):
    status = 422
    code = "not_its_day"
    fa = "این روز باید از {earliest} تا {latest} باشد."
    en = "The day must be from {earliest} to {latest}."


class OtherAmountAtBank(Problem):
    code = "other_amount_at_bank"
    fa = "پرداختی با مبلغ {amount.text_fa} برای این قبض در بانک است؛ نخست آن را به پایان برسانید."
    en = "A payment of {amount:,} Rial for this bill is at the bank; finish that one first."

    def __init__(self, *, amount: int) -> None:
        super().__init__(amount=Rial(amount))
