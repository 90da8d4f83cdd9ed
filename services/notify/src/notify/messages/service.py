"""Writing messages down to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.database import UtcDateTime
from chassis.json import dumps_text
from notify.messages.domain import Lane, State, call_at
from notify.messages.tables import Message
from notify.templates import service as templates
from notify.templates.tables import Template

_HOLD = text(
    """
    INSERT INTO messages (id, lane, source_id, template, template_version, customer_id, recipient, order_id,
                          params, sealed_params, state, created_at, expires_at, attempts, run_id)
    SELECT one.id, :lane, one.source_id, :template, :version, one.customer_id, one.recipient, one.order_id,
           CAST(one.params AS jsonb), one.sealed_params, 'queued', :now, :expires_at, 0, :run_id
    FROM unnest(:ids, :source_ids, :customer_ids, :recipients, :order_ids, :params, :sealed_params)
         AS one (id, source_id, customer_id, recipient, order_id, params, sealed_params)
    ON CONFLICT (source_id, template) DO NOTHING
    RETURNING source_id
    """
).bindparams(
    *(bindparam(name, type_=ARRAY(Uuid)) for name in ("ids", "source_ids", "customer_ids", "order_ids")),
    *(bindparam(name, type_=ARRAY(LargeBinary)) for name in ("recipients", "sealed_params")),
    *(bindparam(name, type_=UtcDateTime) for name in ("now", "expires_at")),
    bindparam("params", type_=ARRAY(Text)),
    bindparam("run_id", type_=Uuid),
)


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
        "voice_at": call_at(Lane(template.lane), now, draft.expires_at),
    }
    unique = [Message.source_id, Message.template]
    await session.execute(insert(Message).values(message).on_conflict_do_nothing(index_elements=unique))


async def hold(
    session: AsyncSession,
    run_id: UUID,
    template: Template,
    drafts: Sequence[Draft],
    now: datetime,
) -> frozenset[UUID]:
    """Writes the messages of a run down in the words of ``template``; nobody sends them until it says so.

    All expire together. Returns the sources of those that are new.
    """
    if not drafts:
        return frozenset()
    columns = ("source_id", "customer_id", "recipient", "order_id")
    values = {
        "lane": template.lane,
        "template": template.name,
        "version": template.version,
        "now": now,
        "expires_at": drafts[0].expires_at,
        "run_id": run_id,
        "ids": [uuid7() for _ in drafts],
        "params": [dumps_text(dict(draft.params)) for draft in drafts],
        "sealed_params": [draft.sealed_params for draft in drafts],
        **{f"{column}s": [getattr(draft, column) for draft in drafts] for column in columns},
    }
    return frozenset(await session.scalars(_HOLD, values))
