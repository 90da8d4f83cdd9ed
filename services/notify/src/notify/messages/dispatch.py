"""Taking messages to send, and noting what became of them; each in a short transaction.

Whoever takes a message holds a lease on it: a random token and a time. When the time is over somebody
else takes the message, and what the first one then says about it has no effect.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from notify.contacts.tables import Contact
from notify.messages.domain import ARRIVALS, MAY_BE_CALLED, Lane, Next, State, look_again, move
from notify.messages.tables import Message
from notify.providers.port import Delivery
from notify.templates.tables import Template

LEASE = timedelta(seconds=30)
"""Longer than all providers together may take for a message."""
NOBODY_WELL = timedelta(seconds=1)
"""How long a message waits when no provider is well."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in the hand of one sender, with all that is needed to send it; sealed values stay sealed.

    The last of ``handed_to`` is the provider that gets it; those before it may have it already.
    ``unsettled``: the last one got it before, and may have taken it.
    """

    id: UUID
    lease: UUID
    lane: Lane
    template: str
    text: str
    patterns: dict[str, str]
    params: dict[str, Any]
    sealed_params: bytes | None
    recipient: bytes | None
    mobile: bytes | None
    first_name: bytes | None
    code: bytes | None
    attempts: int
    expires_at: datetime
    handed_to: Sequence[str]
    unsettled: bool


Due = Row[Message, Template, Contact | None]
"""A message that is due, locked, with the words it is written in and whom it is for."""


async def due(session: AsyncSession, lane: Lane, limit: int, now: datetime) -> Sequence[Due]:
    """Up to ``limit`` messages of ``lane``, the longest waiting first; what others hold is passed over."""
    waiting = (
        select(Message, Template, Contact)
        .join(
            Template,
            (Template.name == Message.template) & (Template.version == Message.template_version),
        )
        .outerjoin(Contact, Contact.customer_id == Message.customer_id)
        .where(Message.lane == lane, Message.next_attempt_at <= now)
        .order_by(Message.next_attempt_at)
        .limit(limit)
        .with_for_update(of=Message, skip_locked=True)
    )
    return (await session.execute(waiting)).all()


async def next_due(session: AsyncSession, lane: Lane, now: datetime) -> datetime | None:
    """When the next message of ``lane`` is due that is not yet."""
    later = select(func.min(Message.next_attempt_at)).where(
        Message.lane == lane, Message.next_attempt_at > now
    )
    return await session.scalar(later)


def leased(
    rows: Sequence[Due], now: datetime, lease: timedelta, choose: Callable[[], str | None]
) -> list[Taken]:
    """Takes them, each for the provider that ``choose`` names.

    Those without a contact wait on, and those without a provider.
    """
    taken = []
    for message, template, contact in rows:
        unsettled = message.handed_to is not None
        if now < message.expires_at:
            if message.recipient is None and contact is None:
                message.next_attempt_at = look_again(message.created_at, now)
                continue
            if message.handed_to is None:
                provider = choose()
                if provider is None:
                    message.next_attempt_at = now + NOBODY_WELL
                    continue
                message.handed_to = [provider]
        taken.append(_lease(message, template, contact, now + lease, unsettled=unsettled))
    return taken


def _lease(
    message: Message, template: Template, contact: Contact | None, until: datetime, *, unsettled: bool
) -> Taken:
    message.state = move(message.state, State.SENDING)
    message.lease = uuid4()
    message.next_attempt_at = until
    message.attempts += 1
    return Taken(
        id=message.id,
        lease=message.lease,
        lane=message.lane,
        template=template.name,
        text=template.text,
        patterns=template.patterns,
        params=message.params,
        sealed_params=message.sealed_params,
        recipient=message.recipient,
        mobile=contact.mobile if contact else None,
        first_name=contact.first_name if contact else None,
        code=message.code,
        attempts=message.attempts,
        expires_at=message.expires_at,
        handed_to=tuple(message.handed_to or ()),
        unsettled=unsettled,
    )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who has the message, under which id, as how many SMS, and when to ask how far it has come."""

    provider: str
    message_id: str
    parts: int
    at: datetime
    ask_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a message that was taken."""

    taken: Taken
    following: Next
    acceptance: Acceptance | None = None


async def settle(session: AsyncSession, settlements: Sequence[Settlement]) -> frozenset[UUID]:
    """Notes what became of messages; those whose lease was lost are not changed.

    Returns the ids of those that were.
    """
    by_id = {settlement.taken.id: settlement for settlement in settlements}
    held = select(Message).where(Message.id.in_(by_id)).order_by(Message.id).with_for_update()
    mine = [row for row in await session.scalars(held) if row.lease == by_id[row.id].taken.lease]
    for message in mine:
        _note(message, by_id[message.id])
    return frozenset(message.id for message in mine)


def _note(message: Message, settlement: Settlement) -> None:
    following, acceptance = settlement.following, settlement.acceptance
    message.state = move(message.state, following.state)
    message.lease = None
    message.next_attempt_at = following.at
    message.failure = following.failure or (message.failure if following.state is State.EXPIRED else None)
    if not following.unsettled:
        message.handed_to = None
    if following.at is None:
        _wipe(message, following.state)
    if acceptance is not None:
        message.provider = acceptance.provider
        message.provider_message_id = acceptance.message_id
        message.parts = acceptance.parts
        message.sent_at = acceptance.at
        message.next_status_at = acceptance.ask_at


def _wipe(message: Message, state: State) -> None:
    """Forgets the code of a message that is over, unless it may still have to be said by telephone."""
    if state not in MAY_BE_CALLED:
        message.voice_at = None
    if message.voice_at is None:
        message.code = None


class LeaseLost(Exception):
    """Somebody else has taken the message."""


async def hand_on(session: AsyncSession, taken: Taken, handed_to: Sequence[str], until: datetime) -> None:
    """Notes who gets the message next, before it gets it, after those who may have it.

    Raises ``LeaseLost``.
    """
    message = await session.get_one(Message, taken.id, with_for_update=True)
    if message.lease != taken.lease:
        raise LeaseLost
    message.handed_to = list(handed_to)
    message.next_attempt_at = until


async def arrived(session: AsyncSession, message_id: UUID, delivery: Delivery) -> bool:
    """Notes what a provider says of a message that it has; True when that is the end of it."""
    if delivery is Delivery.UNDER_WAY:
        return False
    message = await session.get_one(Message, message_id, with_for_update=True)
    if message.state is not State.SENT:
        return message.state is State.DELIVERED
    message.next_status_at = None
    if delivery in ARRIVALS:
        message.state = move(message.state, ARRIVALS[delivery])
        if message.state is State.DELIVERED:
            message.voice_at = message.code = None
        log.info(f"notify.message.{message.state}", message_id=str(message_id))
    return message.state is State.DELIVERED
