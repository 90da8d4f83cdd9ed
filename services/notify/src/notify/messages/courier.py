"""Gives a message to a provider, and to the next one when it surely was not taken.

Who gets it is written down before it gets it. So after a time-out, or when this process dies, it is known
who may have it: that provider is asked by our id, where it can be, and gets it again when it has not. A text
goes to nobody else before that, and to nobody at all where the provider cannot be asked. A code, for which
somebody waits, goes to the next provider at once, and never again to one that may have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

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

    async def refresh(self, session: AsyncSession) -> None:
        await self._failover.refresh(session)

    def choose(self) -> str | None:
        """The provider of the next message; None when nobody is well."""
        provider = self._failover.pick(self._route)
        return provider.name if provider else None

    async def carry(self, message: Taken, content: Text | Code) -> Carried:
        """Raises ``LeaseLost`` before a second provider gets what somebody else has taken meanwhile."""
        *may_have_it, name = message.handed_to
        outcome, asked = await self._first(name, message, content), {name}
        while self._goes_on(outcome):
            another = self._failover.pick(self._route, {*asked, *may_have_it})
            if another is None:
                break
            if outcome.verdict is Verdict.UNCONFIRMED:
                may_have_it.append(name)
            name = another.name
            asked.add(name)
            await self._hand_on(message, [*may_have_it, name])
            outcome = await self._give(another, message, content)
        if may_have_it and outcome.verdict is not Verdict.ACCEPTED:
            return Carried(Outcome(Verdict.UNCONFIRMED, reason=outcome.reason), name, askable=False)
        return Carried(outcome, name, self._askable(self._failover.named(name)))

    def _goes_on(self, outcome: Outcome) -> bool:
        """Whether another provider is to have the message: that it comes twice harms no code."""
        unheard = self._lane is Lane.CODE and outcome.verdict is Verdict.UNCONFIRMED
        return unheard or outcome.verdict in TRY_ANOTHER

    async def _first(self, name: str, message: Taken, content: Text | Code) -> Outcome:
        provider = self._failover.named(name)
        if provider is None:
            return _open("not_connected", name)
        known = await self._ask(provider, message) if message.unsettled else None
        return known or await self._give(provider, message, content)

    def _askable(self, provider: SmsProvider | None) -> bool:
        return provider is not None and self._lane.form in provider.capabilities.own_id

    async def _ask(self, provider: SmsProvider, message: Taken) -> Outcome | None:
        """What is known of a message that ``provider`` may have; None when it has not."""
        if not self._askable(provider):
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

    async def _hand_on(self, message: Taken, handed_to: Sequence[str]) -> None:
        async with self._database.transaction() as session:
            await dispatch.hand_on(session, message, handed_to, self._clock() + self._lease)


def _open(why: str, provider: str) -> Outcome:
    return Outcome(Verdict.UNCONFIRMED, reason=f"{provider}:{why}")
