"""Gives a message to a provider, and to the next one when it surely was not taken.

Who gets it is written down before it gets it. So after a time-out, or when this process dies, it is known
who may have it: that provider is asked by our id, where it can be, and gets it again when it has not; no
other provider does before that. Where it cannot be asked nobody gets the message again.
"""

from dataclasses import dataclass
from datetime import timedelta

from chassis.clock import Clock
from chassis.database import Database
from notify.messages import dispatch
from notify.messages.composing import Code, Text
from notify.messages.dispatch import Taken
from notify.messages.domain import PACES, Lane
from notify.messages.posting import Post
from notify.providers.port import (
    TRY_ANOTHER,
    Letter,
    Outcome,
    Secret,
    SmsProvider,
    StatusUnavailable,
    Verdict,
)
from notify.routing.domain import Route
from notify.routing.failover import Failover


@dataclass(frozen=True, slots=True)
class Carried:
    """What the last provider that had the message in hand made of it."""

    outcome: Outcome
    provider: str
    askable: bool


class Courier:
    """Of one lane."""

    def __init__(
        self, lane: Lane, database: Database, failover: Failover, clock: Clock, lease: timedelta
    ) -> None:
        self._lane = lane
        self._post = Post(PACES[lane].gathers)
        self._route = Route(lane)
        self._database = database
        self._failover = failover
        self._clock = clock
        self._lease = lease

    async def refresh(self) -> None:
        await self._failover.refresh()

    def choose(self) -> str | None:
        """The provider of the next message; None when nobody is well."""
        provider = self._failover.pick(self._route)
        return provider.name if provider else None

    async def carry(self, message: Taken, content: Text | Code) -> Carried:
        """Raises ``LeaseLost`` before a second provider gets what somebody else has taken meanwhile."""
        provider = self._failover.named(message.handed_to)
        if provider is None:
            return Carried(_open("not_connected", message.handed_to), message.handed_to or "", askable=False)
        if message.unsettled and (known := await self._ask(provider, message)) is not None:
            return self._carried(known, provider)
        outcome, tried = await self._give(provider, message, content), {provider.name}
        while outcome.verdict in TRY_ANOTHER:
            another = self._failover.pick(self._route, tried)
            if another is None:
                break
            provider = another
            await self._hand_on(message, provider)
            outcome = await self._give(provider, message, content)
            tried.add(provider.name)
        return self._carried(outcome, provider)

    async def _ask(self, provider: SmsProvider, message: Taken) -> Outcome | None:
        """What is known of a message that ``provider`` may have; None when it has not."""
        if self._lane.form not in provider.capabilities.own_id:
            return _open("interrupted", provider.name)
        try:
            message_id = await provider.find(message.id)
        except StatusUnavailable as error:
            return Outcome(Verdict.UNCONFIRMED, reason=str(error))
        return Outcome(Verdict.ACCEPTED, message_id=message_id) if message_id else None

    async def _give(self, provider: SmsProvider, message: Taken, content: Text | Code) -> Outcome:
        outcome = await self._handed(provider, message, content)
        self._failover.note(provider, outcome)
        return outcome

    async def _handed(self, provider: SmsProvider, message: Taken, content: Text | Code) -> Outcome:
        if isinstance(content, Text):
            return await self._post.send(provider, Letter(content.to, content.text, message.id))
        pattern = content.patterns.get(provider.name)
        if pattern is None:
            return Outcome(Verdict.ELSEWHERE, reason=f"{provider.name}:no_pattern")
        return await provider.send_code(Secret(content.to, pattern, content.code, message.id))

    async def _hand_on(self, message: Taken, provider: SmsProvider) -> None:
        async with self._database.transaction() as session:
            await dispatch.hand_on(session, message, provider.name, self._clock() + self._lease)

    def _carried(self, outcome: Outcome, provider: SmsProvider) -> Carried:
        return Carried(outcome, provider.name, askable=self._lane.form in provider.capabilities.own_id)


def _open(why: str, provider: str | None) -> Outcome:
    return Outcome(Verdict.UNCONFIRMED, reason=f"{provider}:{why}")
