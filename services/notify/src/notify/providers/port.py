"""What notify asks of an SMS provider, whoever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from iran import Mobile
from notify.providers.capabilities import Capabilities


class Verdict(StrEnum):
    """What a provider made of a message.

    Postponed: it surely did not take it, and may in a moment. Elsewhere: it will not take this one, another
    provider may. Outage: it takes nothing now. Refused: nobody will take it. Unconfirmed: nobody knows
    whether it took it.
    """

    ACCEPTED = "accepted"
    POSTPONED = "postponed"
    ELSEWHERE = "elsewhere"
    OUTAGE = "outage"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


TRY_ANOTHER = frozenset({Verdict.ELSEWHERE, Verdict.OUTAGE})
"""Surely not taken here, and not to be waited for."""
UNWELL = frozenset({Verdict.POSTPONED, Verdict.OUTAGE, Verdict.UNCONFIRMED})
"""What speaks against a provider's health."""


class Delivery(StrEnum):
    """How far a message that was accepted has come; lost: the provider does not know it (any more)."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``message_id`` is the provider's, of an accepted message; ``reason`` says why it was not."""

    verdict: Verdict
    message_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A text of our own for one mobile; ``own_id`` is ours."""

    to: Mobile
    text: str
    own_id: UUID


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A code for one mobile, in the text that the provider approved and knows as ``pattern``."""

    to: Mobile
    pattern: str
    code: str
    own_id: UUID


class StatusUnavailable(Exception):
    """The provider did not answer what it was asked. Says why, without a mobile, text, code or key."""


class SmsProvider(Protocol):
    """An adapter. Sending never raises for what the provider or the network does: that is an outcome.

    What an adapter logs or raises holds no mobile, text, code or key.
    """

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        """At most ``capabilities.texts_at_once``; an outcome for each, in their order."""
        ...

    async def send_code(self, secret: Secret) -> Outcome: ...

    async def call(self, secret: Secret) -> Outcome:
        """Says the code to whoever answers the phone; ``elsewhere`` from one without a voice."""
        ...

    async def find(self, own_id: UUID) -> str | None:
        """The provider's id of the message, None when it has none. Only for ``capabilities.own_id``.

        Raises ``StatusUnavailable``.
        """
        ...

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        """By the provider's message id; raises ``StatusUnavailable``."""
        ...

    async def credit(self) -> int:
        """What is left, in the unit of ``capabilities.credit``; raises ``StatusUnavailable``."""
        ...
