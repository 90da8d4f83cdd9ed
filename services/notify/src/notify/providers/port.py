"""What notify asks of an SMS provider, whoever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from iran import Mobile


class Form(StrEnum):
    """A text of our own, or a code in a text that the provider approved."""

    TEXT = "text"
    CODE = "code"


class Verdict(StrEnum):
    """What a provider made of a message.

    Postponed: it surely did not take it, and may later. Refused: it never will. Unconfirmed: nobody
    knows whether it took it.
    """

    ACCEPTED = "accepted"
    POSTPONED = "postponed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


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


class StatusUnavailable(Exception):
    """The provider did not say how far its messages have come."""


class SmsProvider(Protocol):
    """An adapter. Sending never raises for what the provider or the network does: that is an outcome.

    ``repeatable`` are the forms that may be sent again under the same ``local_id`` without reaching the
    phone twice. What an adapter logs or raises holds no mobile, text, code or key.
    """

    name: str
    repeatable: frozenset[Form]

    async def send_text(self, to: Mobile, text: str, local_id: UUID) -> Outcome: ...

    async def send_code(self, to: Mobile, pattern: str, code: str, local_id: UUID) -> Outcome: ...

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        """By the provider's message id; raises ``StatusUnavailable``."""
        ...
