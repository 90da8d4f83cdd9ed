"""What identity asks of an inquiry provider, whoever it is."""

from dataclasses import dataclass, field
from typing import Protocol

from identity.inquiries.domain import Outage, Question, Result


@dataclass(frozen=True, slots=True)
class Reply:
    """``reason`` says in a stable word why it is no match; ``raw`` is what the provider sent.

    ``outage`` is there exactly when the result is unavailable. ``trace_id`` is the provider's own, if any.
    """

    result: Result
    reason: str | None = None
    outage: Outage | None = None
    raw: bytes = field(default=b"", repr=False)
    trace_id: str | None = None


class InquiryProvider(Protocol):
    """An adapter. Asking never raises for what the provider or the network does: that is a reply.

    What an adapter logs or raises holds nothing of the person and no credential.
    """

    name: str

    async def ask(self, question: Question, trace_id: str) -> Reply:
        """``trace_id`` is new for each question, at most 40 letters and digits."""
        ...
