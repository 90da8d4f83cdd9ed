"""The life of a message: its states, and what follows from what a provider made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from notify.providers.capabilities import Form
from notify.providers.port import Delivery, Outcome, Verdict


class Lane(StrEnum):
    """What waits in one lane never delays what waits in another."""

    CODE = "code"
    TRANSACTIONAL = "transactional"
    BULK = "bulk"

    @property
    def form(self) -> Form:
        return Form.CODE if self is Lane.CODE else Form.TEXT


class State(StrEnum):
    """``sent``: the provider has it. ``expired``: its time was over before anybody took it.

    ``cancelled``: its run was, or its receiver wants no texts in bulk. ``unknown``: nobody knows whether a
    provider took it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.UNKNOWN}),
    State.SENDING: frozenset(
        {State.SENDING, State.QUEUED, State.SENT, State.FAILED, State.EXPIRED, State.UNKNOWN}
    ),
    State.SENT: frozenset({State.DELIVERED, State.UNDELIVERED}),
    State.DELIVERED: frozenset(),
    State.UNDELIVERED: frozenset(),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
    State.UNKNOWN: frozenset(),
}
"""From ``sending`` to ``sending``: the lease of whoever took it ended, and somebody else takes it."""


class IllegalMove(Exception):
    """A message cannot go from the one state to the other."""


def move(current: State, to: State) -> State:
    if to not in TRANSITIONS[current]:
        raise IllegalMove(f"{current} to {to}")
    return to


@dataclass(frozen=True, slots=True)
class Pace:
    """A next try waits ``first``, then twice that.

    Messages are taken ``together``, or none, and what became of them is written down after gathering it for
    ``gathers`` seconds: both cost.
    """

    first: timedelta
    longest: timedelta
    together: int = 1
    gathers: float = 0

    def delay(self, attempts: int) -> timedelta:
        """After so many attempts, one or more."""
        doubled: int = 2 ** min(attempts - 1, 16)
        return min(self.first * doubled, self.longest)


PACES: Mapping[Lane, Pace] = {
    Lane.CODE: Pace(first=timedelta(milliseconds=500), longest=timedelta(seconds=5)),
    Lane.TRANSACTIONAL: Pace(first=timedelta(seconds=2), longest=timedelta(minutes=5)),
    Lane.BULK: Pace(timedelta(seconds=10), timedelta(minutes=30), together=32, gathers=0.025),
}


@dataclass(frozen=True, slots=True)
class Next:
    """What a message becomes; ``at`` is its next try, of a queued one.

    ``unsettled``: a provider may have it, and is asked before anything else happens to it.
    """

    state: State
    at: datetime | None = None
    failure: str | None = None
    unsettled: bool = False


def after(
    outcome: Outcome, *, pace: Pace, attempts: int, expires_at: datetime, askable: bool, now: datetime
) -> Next:
    """What follows from an attempt.

    ``askable`` says that the provider finds a message by our id. What nobody knows the fate of is otherwise
    not repeated: a message that comes twice is worse than one that is asked for again.
    """
    if outcome.verdict is Verdict.ACCEPTED:
        return Next(State.SENT)
    if outcome.verdict is Verdict.REFUSED:
        return Next(State.FAILED, failure=outcome.reason)
    unsettled = outcome.verdict is Verdict.UNCONFIRMED
    at = now + pace.delay(attempts)
    if unsettled and (not askable or at >= expires_at):
        return Next(State.UNKNOWN, failure=outcome.reason)
    if at >= expires_at:
        return Next(State.EXPIRED, failure=outcome.reason)
    return Next(State.QUEUED, at, outcome.reason, unsettled)


CALLED_AFTER = timedelta(seconds=60)
"""A code that has not arrived after this long is said by telephone."""
MAY_BE_CALLED = frozenset({State.SENT, State.UNKNOWN})


def call_at(lane: Lane, created_at: datetime, expires_at: datetime) -> datetime | None:
    """When to call, of a code that lives so long."""
    at = created_at + CALLED_AFTER
    return at if lane is Lane.CODE and at < expires_at else None


WAITED_AT_LEAST, WAITED_AT_MOST = timedelta(seconds=1), timedelta(minutes=1)


def look_again(created_at: datetime, now: datetime) -> datetime:
    """When to look again for a contact that is not known yet: after as long as it was waited for."""
    return now + min(max(now - created_at, WAITED_AT_LEAST), WAITED_AT_MOST)


STATUS_KEPT = timedelta(hours=48)
"""Kavenegar forgets delivery states after that."""

ARRIVALS: Mapping[Delivery, State] = {
    Delivery.DELIVERED: State.DELIVERED,
    Delivery.UNDELIVERED: State.UNDELIVERED,
}


def ask_again(sent_at: datetime, first: timedelta, now: datetime) -> datetime | None:
    """When to ask for the delivery state again: at twice the message's age; None when it is too late."""
    at = sent_at + max((now - sent_at) * 2, first)
    return at if at < sent_at + STATUS_KEPT else None
