"""What each provider can do. Periods are the providers' own, from their documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Capabilities:
    """``session_life``: how long the pay page is open. ``verify_window``: paid money nobody verifies for
    so long goes back to the buyer. ``reverse_window``: how long after the payment it can be undone."""

    session_life: timedelta
    verify_window: timedelta
    reverse_window: timedelta
    refunds: bool


CAPABILITIES: Mapping[str, Capabilities] = {
    "zarinpal": Capabilities(
        session_life=timedelta(minutes=15),
        verify_window=timedelta(minutes=30),
        reverse_window=timedelta(minutes=30),
        refunds=True,
    ),
}
