"""What notify asks by the clock: how far the messages have come that a provider has."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.logging import get_logger
from notify.messages import dispatch
from notify.messages.domain import ask_again
from notify.messages.tables import Message
from notify.providers.port import Delivery, SmsProvider, StatusUnavailable

BATCH = 500

log = get_logger(__name__)


@dataclass(frozen=True)
class DeliveryStates:
    """Asks the providers; ``first`` is how long after sending the first question comes."""

    database: Database
    providers: Mapping[str, SmsProvider]
    clock: Clock
    first: timedelta

    async def run(self) -> bool:
        """One batch; True when there may be more."""
        async with self.database.transaction() as session:
            asked = await _take(session, self.clock(), self.first)
        for name, messages in asked.items():
            if name in self.providers:
                await self._ask_all(self.providers[name], messages)
        return sum(map(len, asked.values())) == BATCH

    async def _ask_all(self, provider: SmsProvider, messages: Mapping[str, UUID]) -> None:
        """In as few questions as the provider allows; one that takes them singly is asked in parallel."""
        at_once = provider.capabilities.states_at_once
        size = at_once if at_once > 1 else len(messages)
        pairs = iter(messages.items())
        while part := dict(islice(pairs, size)):
            await self._ask(provider, part)

    async def _ask(self, provider: SmsProvider, messages: Mapping[str, UUID]) -> None:
        try:
            deliveries = await provider.deliveries(list(messages))
        except StatusUnavailable as error:
            log.warning("notify.delivery.unavailable", provider=provider.name, reason=str(error))
            return
        async with self.database.transaction() as session:
            for provider_id, message_id in messages.items():
                await dispatch.arrived(session, message_id, deliveries.get(provider_id, Delivery.UNDER_WAY))


async def _take(session: AsyncSession, now: datetime, first: timedelta) -> Mapping[str, dict[str, UUID]]:
    """Message ids by the provider's, by provider; each is already due for its next question."""
    due = (
        select(Message)
        .where(Message.next_status_at <= now)
        .order_by(Message.next_status_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    asked: dict[str, dict[str, UUID]] = defaultdict(dict)
    for message in await session.scalars(due):
        message.next_status_at = ask_again(message.sent_at or now, first, now)
        asked[message.provider or ""][message.provider_message_id or ""] = message.id
    return asked
