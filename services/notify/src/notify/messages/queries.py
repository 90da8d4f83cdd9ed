"""Reading messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from notify.contacts.tables import FIRST_NAME, Contact
from notify.messages.composing import opened_params
from notify.messages.domain import State
from notify.messages.tables import Message
from notify.templates.domain import render, words
from notify.templates.rules import placeholders
from notify.templates.tables import Template

_TOLD = or_(Message.next_attempt_at.is_not(None), Message.state.not_in([State.QUEUED, State.CANCELLED]))
"""What a run holds back, or was cancelled, is nobody's message yet."""
HIDDEN = "•••"
"""In the place of what is personal, for those who look at other people's messages."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message as its receiver reads it."""

    message_id: UUID
    template: str
    text: str
    order_id: UUID | None
    state: State
    at: datetime


async def told(
    session: AsyncSession,
    keyring: Keyring,
    customer_id: UUID,
    *,
    order_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Told]:
    """A customer's messages, newest first. Codes are not among them: those belong to no customer."""
    found = (
        select(Message, Template.text, Contact.first_name)
        .join(Template, (Template.name == Message.template) & (Template.version == Message.template_version))
        .outerjoin(Contact, Contact.customer_id == Message.customer_id)
        .where(Message.customer_id == customer_id)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    found = found.where(_TOLD)
    if order_id is not None:
        found = found.where(Message.order_id == order_id)
    if before is not None:
        found = found.where(Message.id < before)
    return [
        _told(message, text, keyring.open(name, FIRST_NAME).decode() if name else "", keyring)
        for message, text, name in await session.execute(found)
    ]


def _told(message: Message, text: str, first_name: str, keyring: Keyring) -> Told:
    values = {**message.params, **opened_params(message.sealed_params, keyring), "first_name": first_name}
    return Told(
        message_id=message.id,
        template=message.template,
        text=render(text, values),
        order_id=message.order_id,
        state=message.state,
        at=message.sent_at or message.created_at,
    )


async def history(
    session: AsyncSession, customer_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[tuple[Message, str]]:
    """A customer's messages, newest first, each with its text, everything personal hidden in it."""
    found = (
        select(Message, Template.text)
        .join(Template, (Template.name == Message.template) & (Template.version == Message.template_version))
        .where(Message.customer_id == customer_id)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(Message.id < before)
    return [(message, _masked(text, message.params)) for message, text in await session.execute(found)]


def _masked(text: str, params: Mapping[str, Any]) -> str:
    return text.format_map({**dict.fromkeys(placeholders(text), HIDDEN), **words(params)})
