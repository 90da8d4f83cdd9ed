"""What travels: an event with the data needed to recognise, order and trace it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from uuid_utils.compat import uuid7

from chassis import telemetry
from chassis.clock import system_clock
from events import Event


class Envelope(BaseModel):
    """One message. ``id`` is what the inbox remembers; ``payload`` is the event as JSON values.

    ``causation_id`` is the id of the message whose handler recorded this one, None for a request.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: UUID
    name: str
    occurred_at: datetime
    aggregate_id: UUID
    version: int
    correlation_id: str
    causation_id: UUID | None
    traceparent: str | None
    payload: dict[str, Any]


_current: ContextVar[Envelope | None] = ContextVar("current_message", default=None)


def current_message() -> Envelope:
    """The message in hand. Raises LookupError outside a handler."""
    envelope = _current.get()
    if envelope is None:
        raise LookupError("no message is being handled")
    return envelope


def enclose(event: Event) -> Envelope:
    """A new message about ``event``, caused and traced by the work in hand."""
    cause = _current.get()
    identity = uuid7()
    return Envelope.model_construct(
        id=identity,
        name=event.name,
        occurred_at=system_clock(),
        aggregate_id=event.aggregate_id,
        version=event.version,
        correlation_id=telemetry.correlation_id.get() or str(identity),
        causation_id=cause.id if cause else None,
        traceparent=telemetry.traceparent.get(),
        payload=event.model_dump(mode="json"),
    )


@contextmanager
def handling(envelope: Envelope) -> Iterator[None]:
    """Makes ``envelope`` the current message and continues its trace."""
    message = _current.set(envelope)
    correlation = telemetry.correlation_id.set(envelope.correlation_id)
    trace = telemetry.traceparent.set(telemetry.child_of(envelope.traceparent))
    try:
        yield
    finally:
        telemetry.traceparent.reset(trace)
        telemetry.correlation_id.reset(correlation)
        _current.reset(message)
