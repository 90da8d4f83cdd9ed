"""Writing messages down to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from notify.messages.domain import State
from notify.messages.tables import Message
from notify.templates import service as templates


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be. Exactly one of ``customer_id`` and ``recipient`` (sealed) is set.

    ``source_id`` and ``template`` together happen once: a second draft of them changes nothing.
    """

    template: str
    source_id: UUID
    expires_at: datetime
    customer_id: UUID | None = None
    order_id: UUID | None = None
    recipient: bytes | None = None
    code: bytes | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    sealed_params: bytes | None = None


async def write(session: AsyncSession, draft: Draft, now: datetime) -> None:
    """Queues the message of ``draft`` in the words of the template that is active now."""
    template = await templates.active(session, draft.template)
    message = {
        "id": uuid7(),
        "lane": template.lane,
        "source_id": draft.source_id,
        "template": template.name,
        "template_version": template.version,
        "customer_id": draft.customer_id,
        "recipient": draft.recipient,
        "order_id": draft.order_id,
        "params": dict(draft.params),
        "sealed_params": draft.sealed_params,
        "code": draft.code,
        "state": State.QUEUED,
        "created_at": now,
        "expires_at": draft.expires_at,
        "attempts": 0,
        "next_attempt_at": now,
    }
    unique = [Message.source_id, Message.template]
    await session.execute(insert(Message).values(message).on_conflict_do_nothing(index_elements=unique))
