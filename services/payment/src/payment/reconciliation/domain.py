"""What a provider's word about a payment and ours come to, as one table."""

from collections.abc import Mapping
from enum import StrEnum

from payment.differences.domain import Reason
from payment.payments.domain import LIVE, PaymentState
from payment.providers.port import Inquiry, SessionState, Unanswered


class Method(StrEnum):
    """``inquiry``: payment by payment, where the provider can be asked; ``file``: as it reports itself."""

    INQUIRY = "inquiry"
    FILE = "file"


_P, _S = PaymentState, SessionState
_NO_MONEY: Mapping[PaymentState, Reason] = {
    _P.VERIFIED: Reason.NOT_PAID_THERE,
    _P.CONFLICTED: Reason.NOT_PAID_THERE,
}
DIFFER: Mapping[SessionState, Mapping[PaymentState, Reason]] = {
    _S.VERIFIED: {_P.FAILED: Reason.PAID_THERE, _P.REVERSED: Reason.NOT_RETURNED_THERE},
    _S.PAID: {
        _P.VERIFIED: Reason.NOT_PAID_THERE,
        _P.FAILED: Reason.PAID_THERE,
        _P.REVERSED: Reason.NOT_RETURNED_THERE,
        _P.REFUNDED: Reason.NOT_RETURNED_THERE,
    },
    _S.REVERSED: {_P.VERIFIED: Reason.RETURNED_THERE, _P.CONFLICTED: Reason.RETURNED_THERE},
    _S.IN_BANK: _NO_MONEY,
    _S.FAILED: _NO_MONEY,
}
"""By the provider's word, then by ours; what is not here agrees. A refund is still ``verified`` there."""
REPORTED: Mapping[bool, Mapping[PaymentState, Reason]] = {
    False: {
        _P.FAILED: Reason.PAID_THERE,
        _P.REVERSED: Reason.NOT_RETURNED_THERE,
        _P.REFUNDED: Reason.NOT_RETURNED_THERE,
    },
    True: {_P.VERIFIED: Reason.RETURNED_THERE, _P.CONFLICTED: Reason.RETURNED_THERE},
}
"""By whether the provider's file says that the money was sent back."""


def compared(ours: PaymentState, theirs: Inquiry) -> Reason | None:
    """None when both agree. A payment that is live a day later is undecided, whatever the provider says."""
    if isinstance(theirs, Unanswered):
        return Reason.NO_ANSWER
    if ours in LIVE:
        return Reason.UNDECIDED_HERE
    table = DIFFER[theirs] if isinstance(theirs, SessionState) else _NO_MONEY
    return table.get(ours)


def reported(ours: PaymentState, *, returned: bool) -> Reason | None:
    """The same for a line of the provider's file."""
    return Reason.UNDECIDED_HERE if ours in LIVE else REPORTED[returned].get(ours)
