"""The entries that a payment or a refund can cause, and the accounts they touch.

A posting above zero is a debit. ``provider:NAME`` is what a provider holds for us; ``buyer`` is what we
owe buyers for the money on their bills; ``unapplied`` is what we owe them back through its provider;
``refunds`` what we owe to their Shebas; ``profit`` what we granted on top; ``deductions`` what we kept;
``bank`` is our account that deposits come to and refunds are paid from.
"""

from enum import StrEnum

BUYER = "buyer"
UNAPPLIED = "unapplied"
REFUNDS = "refunds"
PROFIT = "profit"
DEDUCTIONS = "deductions"
BANK = "bank"
HELD = frozenset({BUYER, UNAPPLIED, REFUNDS})
"""What we owe the buyer, whether for bills, on the way back, or to a Sheba."""


class EntryKind(StrEnum):
    """Each at most once for a payment, or for a refund."""

    RECEIVED = "received"
    DECLINED = "declined"
    RETURNED = "returned"
    REFUND_OWED = "refund_owed"
    REFUND_PAID = "refund_paid"


def provider_account(name: str) -> str:
    """Deposits at a bank are on our own account at once."""
    return BANK if name == BANK else f"provider:{name}"
