"""Reading messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from notify.contacts.tables import FIRST_NAME, Contact
from notify.messages.composing import opened_params
from notify.messages.domain import State
from notify.messages.tables import Message
from notify.templates.domain import render
from notify.templates.tables import Template


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
    if order_id is not None:
        found = found.where(Message.order_id == order_id)
    if before is not None:
        found = found.where(Message.id < before)
    return [
        _told(message, text, keyring.open(name, FIRST_NAME).decode() if name else "", keyring)
        for message, text, name in await session.execute(found)
    ]


def _told(message: Message, text: str, first_name: str, keyring: Keyring) -> Told:
    words = {**message.params, **opened_params(message.sealed_params, keyring), "first_name": first_name}
    return Told(
        message_id=message.id,
        template=message.template,
        text=render(text, words),
        order_id=message.order_id,
        state=message.state,
        at=message.sent_at or message.created_at,
    )
