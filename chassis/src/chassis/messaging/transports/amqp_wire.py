"""Messages as AMQP properties and headers, and back."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from chassis.clock import system_clock
from chassis.messaging.transport import DeadLetter, Delivery, Message

_PERSISTENT = 2


def properties(message: Message, headers: dict[str, Any] | None = None) -> Basic.Properties:
    """``headers`` tell the message's history; its time to live is the broker's business too."""
    headers = dict(headers or {})
    if message.expires_at:
        headers["expires-at"] = message.expires_at.astimezone(UTC).isoformat()
    return Basic.Properties(
        content_type="application/json",
        delivery_mode=_PERSISTENT,
        message_id=str(message.id),
        message_type=message.name,
        headers=headers,
    )


def with_expiration(message: Message) -> Basic.Properties:
    """Properties for the way to a consumer: what arrives too late does not arrive."""
    written = properties(message)
    if message.expires_at:
        left = message.expires_at - system_clock()
        written.expiration = str(max(1, round(left.total_seconds() * 1000)))
    return written


def buried(delivery: Delivery, error: str) -> Basic.Properties:
    return properties(
        delivery.message,
        {
            "attempt": delivery.attempt,
            "redrives": delivery.redrives,
            "error": error,
            "died-at": system_clock().isoformat(),
        },
    )


def delivery_of(raw: DeliveredMessage) -> Delivery:
    headers = raw.header.properties.headers or {}
    return Delivery(
        message=_message(raw, headers),
        attempt=_number(headers, "attempt", default=1),
        redeliveries=_number(headers, "x-delivery-count"),
        redrives=_number(headers, "redrives"),
        receipt=raw.delivery_tag,
    )


def dead_letter_of(queue: str, raw: DeliveredMessage) -> DeadLetter:
    headers = raw.header.properties.headers or {}
    return DeadLetter(
        queue=queue,
        message=_message(raw, headers),
        attempt=_number(headers, "attempt", default=1),
        redrives=_number(headers, "redrives"),
        error=str(headers.get("error", "")),
        died_at=_time(headers, "died-at"),
    )


def _message(raw: DeliveredMessage, headers: dict[str, Any]) -> Message:
    written = raw.header.properties
    return Message(
        id=_identity(raw),
        name=written.message_type or raw.routing_key or "",
        body=raw.body,
        expires_at=_time(headers, "expires-at"),
    )


def _identity(raw: DeliveredMessage) -> UUID:
    """The message id; for a foreign message without one, an id that stays the same."""
    try:
        return UUID(raw.header.properties.message_id or "")
    except ValueError:
        return uuid5(NAMESPACE_OID, raw.body.hex())


def _time(headers: dict[str, Any], name: str) -> datetime | None:
    value = headers.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _number(headers: dict[str, Any], name: str, default: int = 0) -> int:
    value = headers.get(name, default)
    return value if isinstance(value, int) else default
