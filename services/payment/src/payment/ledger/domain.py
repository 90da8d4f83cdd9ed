"""The entries that a payment can cause, and the accounts they touch.

A posting above zero is a debit. ``provider:NAME`` is what a provider holds for us; ``buyer`` is what we
owe buyers for the money on their bills; ``unapplied`` is what we owe them back.
"""

from enum import StrEnum

BUYER = "buyer"
UNAPPLIED = "unapplied"


class EntryKind(StrEnum):
    """Each at most once for a payment."""

    RECEIVED = "received"
    DECLINED = "declined"
    RETURNED = "returned"


def provider_account(name: str) -> str:
    return f"provider:{name}"
