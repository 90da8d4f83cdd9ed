"""How money goes back."""

from collections.abc import Mapping
from enum import StrEnum

from payment.payments.domain import PaymentState


class Method(StrEnum):
    """``reversed``: the payment is undone at the provider. ``refunded``: it is paid back."""

    REVERSED = "reversed"
    REFUNDED = "refunded"


STATE_AFTER: Mapping[Method, PaymentState] = {
    Method.REVERSED: PaymentState.REVERSED,
    Method.REFUNDED: PaymentState.REFUNDED,
}
