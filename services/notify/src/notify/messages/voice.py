"""Says a code by telephone when its SMS has not arrived within a minute; at most one call for a code.

The code leaves its row in the transaction that takes it to be said, so that nobody else can say it again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import CannotOpen, Keyring
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from iran import Mobile
from notify.messages import dispatch
from notify.messages.domain import State, move
from notify.messages.tables import CODE, RECIPIENT, Message
from notify.providers.port import TRY_ANOTHER, Delivery, Outcome, Secret, StatusUnavailable, Verdict
from notify.routing.domain import Route
from notify.routing.failover import Failover
from notify.templates.tables import Template

BATCH = 50
LOOK_AGAIN = timedelta(seconds=5)
CALLS = Counter("sms_calls", "Codes said by telephone, as providers took it.", ["provider", "verdict"])

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Unheard:
    """A code that is to be said; ``provider`` and ``message_id`` are those of its SMS, if anybody took it."""

    id: UUID
    provider: str | None
    message_id: str | None
    recipient: bytes
    code: bytes
    patterns: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class VoiceCodes:
    database: Database
    failover: Failover
    keyring: Keyring
    clock: Clock

    def job(self) -> Job:
        return Job("notify.voice_codes", 1, self.run, exclusive=False)

    async def run(self) -> bool:
        """One batch; True when there may be more."""
        async with self.database.transaction() as session:
            await self.failover.refresh(session)
            due = await _take(session, self.clock())
        await asyncio.gather(*(self._say(unheard) for unheard in due))
        return len(due) == BATCH

    async def _say(self, unheard: Unheard) -> None:
        if unheard.expires_at <= self.clock() or await self._has_arrived(unheard):
            return
        try:
            to = Mobile(self.keyring.open(unheard.recipient, RECIPIENT).decode())
            code = self.keyring.open(unheard.code, CODE).decode()
        except (CannotOpen, ValueError) as error:
            log.error("notify.call.unwritable", message_id=str(unheard.id), error=type(error).__name__)
            return
        await self._call(unheard, to, code)

    async def _has_arrived(self, unheard: Unheard) -> bool:
        """The provider is asked once more; one that does not answer does not stop the call."""
        provider = self.failover.named(unheard.provider)
        if provider is None or unheard.message_id is None:
            return False
        try:
            states = await provider.deliveries([unheard.message_id])
        except StatusUnavailable:
            return False
        async with self.database.transaction() as session:
            state = states.get(unheard.message_id, Delivery.UNDER_WAY)
            return await dispatch.arrived(session, unheard.id, state)

    async def _call(self, unheard: Unheard, to: Mobile, code: str) -> None:
        tried: set[str] = set()
        while provider := self.failover.pick(Route.VOICE, tried):
            tried.add(provider.name)
            pattern = unheard.patterns.get(provider.name, "")
            outcome = await provider.call(Secret(to, pattern, code, unheard.id))
            self.failover.note(provider, outcome)
            CALLS.labels(provider.name, outcome.verdict).inc()
            if outcome.verdict not in TRY_ANOTHER:
                await self._note(unheard, provider.name, outcome)
                return
        log.warning("notify.call.nobody", message_id=str(unheard.id))

    async def _note(self, unheard: Unheard, provider: str, outcome: Outcome) -> None:
        if outcome.verdict is Verdict.ACCEPTED:
            async with self.database.transaction() as session:
                message = await session.get_one(Message, unheard.id, with_for_update=True)
                message.voiced_at = self.clock()
                message.voice_provider, message.voice_message_id = provider, outcome.message_id
        log.info(
            f"notify.call.{outcome.verdict}",
            message_id=str(unheard.id),
            provider=provider,
            failure=outcome.reason,
        )


async def _take(session: AsyncSession, now: datetime) -> list[Unheard]:
    """Those that are due; one that a sender has in hand, or nobody has had yet, is looked at again."""
    due = (
        select(Message, Template.patterns)
        .join(Template, (Template.name == Message.template) & (Template.version == Message.template_version))
        .where(Message.voice_at <= now)
        .order_by(Message.voice_at)
        .limit(BATCH)
        .with_for_update(of=Message, skip_locked=True)
    )
    taken = []
    for message, patterns in await session.execute(due):
        if message.expires_at > now and _still_on_its_way(message):
            message.voice_at = now + LOOK_AGAIN
            continue
        if message.recipient is not None and message.code is not None:
            taken.append(_unheard(message, patterns))
        _leave(message)
    return taken


def _still_on_its_way(message: Message) -> bool:
    waiting = message.state is State.QUEUED and message.handed_to is None
    return waiting or message.state is State.SENDING


def _unheard(message: Message, patterns: Mapping[str, str]) -> Unheard:
    return Unheard(
        id=message.id,
        provider=message.provider,
        message_id=message.provider_message_id,
        recipient=message.recipient or b"",
        code=message.code or b"",
        patterns=patterns,
        expires_at=message.expires_at,
    )


def _leave(message: Message) -> None:
    """An SMS that a provider may or may not have is not sent again once the code is said."""
    if message.state is State.QUEUED and message.handed_to is not None:
        message.state = move(message.state, State.UNKNOWN)
        message.next_attempt_at = message.handed_to = None
    if message.state not in {State.QUEUED, State.SENDING}:
        message.code = None
    message.voice_at = None
