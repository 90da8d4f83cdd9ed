"""How money goes back."""

from collections.abc import Mapping
from enum import StrEnum

from payment.payments.domain import PaymentState


class Method(StrEnum):
    """``reversed``: the payment is undone at the provider. ``refunded``: it is paid back.

    ``transferred``: its provider cannot send it back, so it becomes a refund to the buyer's Sheba.
    """

    REVERSED = "reversed"
    REFUNDED = "refunded"
    TRANSFERRED = "transferred"


STATE_AFTER: Mapping[Method, PaymentState] = {
    Method.REVERSED: PaymentState.REVERSED,
    Method.REFUNDED: PaymentState.REFUNDED,
}
