"""What each provider can do. Periods are the providers' own, from their documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Capabilities:
    """``session_life``: how long the pay page is open. ``verify_window``: paid money nobody verifies for
    so long goes back to the buyer. ``reverse_window``: how long after the payment it can be undone.

    ``inquiry``: it tells where a session stands; else the clock does. ``needs_callback``: it can be asked
    only with the reference that the browser brings back. ``binds_card``: it lets only a card of the buyer's
    own national code pay. ``repeats_refused``: a verification that it answered with an error may be asked for
    again, not only one that it did not answer.
    """

    session_life: timedelta
    verify_window: timedelta
    reverse_window: timedelta
    refunds: bool
    inquiry: bool = True
    needs_callback: bool = False
    binds_card: bool = False
    repeats_refused: bool = True

    @property
    def doubt(self) -> timedelta:
        """How long after the end of its session money may have come that the provider tells nobody of."""
        return self.verify_window if self.needs_callback else timedelta()

    def quiet_until(self, session_ends_at: datetime | None) -> datetime | None:
        """How long a verification that was refused is not asked for again; None where it may be."""
        if self.repeats_refused or session_ends_at is None:
            return None
        return session_ends_at + self.verify_window


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


CAPABILITIES: Mapping[str, Capabilities] = {
    "zarinpal": Capabilities(
        session_life=_minutes(15),
        verify_window=_minutes(30),
        reverse_window=_minutes(30),
        refunds=True,
    ),
    "zibal": Capabilities(
        session_life=_minutes(15),
        verify_window=_minutes(30),
        reverse_window=_minutes(0),
        refunds=False,
    ),
    "sep": Capabilities(
        session_life=_minutes(20),
        verify_window=_minutes(30),
        reverse_window=_minutes(50),
        refunds=False,
        inquiry=False,
        needs_callback=True,
        repeats_refused=False,
    ),
    "mellat": Capabilities(
        session_life=_minutes(15),
        verify_window=_minutes(20),
        reverse_window=_minutes(180),
        refunds=True,
        needs_callback=True,
    ),
    "sadad": Capabilities(
        session_life=_minutes(15),
        verify_window=_minutes(15),
        reverse_window=_minutes(0),
        refunds=False,
        inquiry=False,
        binds_card=True,
    ),
}
"""Zibal's document says that unverified money goes back, but not when, and ZarinPal's that its panel sets the
time: taken as the others have it."""
