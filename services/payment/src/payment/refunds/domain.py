"""The states of a refund and of a batch of refunds, as two tables."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.errors import Problem


class RefundState(StrEnum):
    """``awaiting_account``: nobody confirmed yet that a Sheba is the buyer's."""

    AWAITING_ACCOUNT = "awaiting_account"
    READY = "ready"
    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"


class BatchState(StrEnum):
    """``approved``: the bank may have the file; ``settled``: the bank has answered for every refund."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    SETTLED = "settled"


_R, _B = RefundState, BatchState
MOVES: Mapping[tuple[RefundState, str], RefundState] = {
    (_R.AWAITING_ACCOUNT, "find_account"): _R.READY,
    (_R.READY, "lose_account"): _R.AWAITING_ACCOUNT,
    (_R.READY, "propose"): _R.PROPOSED,
    (_R.PROPOSED, "release"): _R.READY,
    (_R.PROPOSED, "approve"): _R.APPROVED,
    (_R.APPROVED, "pay"): _R.PAID,
    (_R.APPROVED, "reject"): _R.READY,
}
BATCH_MOVES: Mapping[tuple[BatchState, str], BatchState] = {
    (_B.PROPOSED, "approve"): _B.APPROVED,
    (_B.PROPOSED, "refuse"): _B.REFUSED,
    (_B.APPROVED, "settle"): _B.SETTLED,
}


class IllegalRefundMove(Exception):
    """The state of the refund or of the batch does not allow this move."""


def moved(state: RefundState, move: str) -> RefundState:
    """The state after ``move``; raises ``IllegalRefundMove``."""
    target = MOVES.get((state, move))
    if target is None:
        raise IllegalRefundMove(f"{move} from {state}")
    return target


def batch_moved(state: BatchState, move: str) -> BatchState:
    target = BATCH_MOVES.get((state, move))
    if target is None:
        raise IllegalRefundMove(f"{move} from {state}")
    return target


class NoRefundReady(Problem):
    code = "no_refund_ready"
    fa = "هیچ بازپرداختی آماده‌ی واریز نیست."
    en = "No refund is ready to be paid."


class BatchNotApproved(Problem):
    code = "batch_not_approved"
    fa = "این دسته هنوز تأیید نشده است."
    en = "This batch is not approved."


class NotInBatch(Problem):
    status = 422
    code = "refund_not_in_batch"
    fa = "این بازپرداخت در این دسته نیست."
    en = "This refund is not in the batch."


class AnsweredOtherwise(Problem):
    code = "refund_answered_otherwise"
    fa = "پاسخ بانک برای این بازپرداخت پیش‌تر ثبت شده است."
    en = "The bank's answer for this refund was recorded already."
