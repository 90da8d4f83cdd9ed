"""Sends the messages of one lane.

A message is taken in one transaction, given to the provider outside of any, and settled in another. A
process that dies in between leaves a lease that ends; the next one finds out what became of the message,
as far as the provider can say (``courier``).
"""

import asyncio
import time
from datetime import timedelta
from types import TracebackType
from typing import Self

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.database import Database
from chassis.logging import get_logger
from notify.lanes.domain import Limits, Throttle
from notify.lanes.tables import LaneLimits
from notify.messages import dispatch
from notify.messages.bell import Bell
from notify.messages.composing import Unwritable, compose
from notify.messages.courier import Carried, Courier
from notify.messages.dispatch import Acceptance, Settlement, Taken
from notify.messages.domain import PACES, Lane, Next, State, after
from notify.messages.settling import Settler
from notify.providers.port import Outcome, Verdict
from notify.routing.failover import Failover

OUTCOMES = Counter("sms_outcomes", "What providers made of messages.", ["provider", "lane", "verdict"])
LOOKED_EVERY = 1.0
"""What this process writes rings the bell, and what is due later is known; news of others waits so long."""
THROTTLED_FOR = 0.1
SHIFT_SECONDS = 1.0
LIMITS_KNOWN_FOR = 1.0

log = get_logger(__name__)


class Sender:
    """Any number of them may run, in any number of processes. Leaving its context finishes what is in hand.

    ``ask_after`` is how long after sending the delivery state is worth asking for.
    """

    def __init__(
        self,
        lane: Lane,
        database: Database,
        failover: Failover,
        keyring: Keyring,
        bell: Bell,
        clock: Clock,
        *,
        ask_after: timedelta,
        lease: timedelta = dispatch.LEASE,
    ) -> None:
        self.lane = lane
        self._pace = PACES[lane]
        self._database = database
        self._keyring = keyring
        self._bell = bell
        self._clock = clock
        self._ask_after = ask_after
        self._lease = lease
        self._courier = Courier(lane, database, failover, clock, lease)
        self._settler = Settler(lane, database, clock)
        self._throttle = Throttle()
        self._known: Limits | None = None
        self._known_until = 0.0
        self._look_in = LOOKED_EVERY
        self._in_hand: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.finish()

    async def finish(self) -> None:
        """Waits until nothing is in hand."""
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def run(self) -> bool:
        """Sends for a moment; True, since there may always be more."""
        end = time.monotonic() + SHIFT_SECONDS
        while time.monotonic() < end:
            if not await self.begin():
                await self._bell.wait(self._look_in)
        return True

    async def begin(self) -> int:
        """Takes what is due, as far as the lane's limits allow, and begins to send it."""
        self._look_in = LOOKED_EVERY
        if self._known is not None and not self._room(self._known):
            return 0
        async with self._database.transaction() as session:
            taken = await self._take(session, self._allowed(await self._limits(session)))
        for message in taken:
            task = asyncio.create_task(self._send_logged(message))
            self._in_hand.add(task)
            task.add_done_callback(self._put_down)
        return len(taken)

    def _room(self, limits: Limits) -> int:
        """How many more may be in hand; none before there is room for as many as leave together."""
        free = limits.in_flight - len(self._in_hand)
        return free if free >= min(self._pace.together, limits.in_flight) else 0

    def _allowed(self, limits: Limits) -> int:
        room = self._room(limits)
        allowed = self._throttle.allow(room, limits.per_second, time.monotonic())
        if room and not allowed:
            self._look_in = THROTTLED_FOR
        return allowed

    async def _take(self, session: AsyncSession, most: int) -> list[Taken]:
        """When there is nothing, it is known when there will be something."""
        if not most:
            return []
        now = self._clock()
        due = await dispatch.due(session, self.lane, most, now)
        if due:
            await self._courier.refresh(session)
        elif (following := await dispatch.next_due(session, self.lane, now)) is not None:
            self._look_in = min((following - now).total_seconds(), LOOKED_EVERY)
        taken = dispatch.leased(due, now, self._lease, self._courier.choose)
        self._throttle.give_back(most - len(taken))
        return taken

    async def _limits(self, session: AsyncSession) -> Limits:
        """As they were a moment ago: staff change them without a restart."""
        if self._known is None or time.monotonic() >= self._known_until:
            row = await session.get_one(LaneLimits, self.lane)
            self._known = Limits(row.in_flight, row.per_second)
            self._known_until = time.monotonic() + LIMITS_KNOWN_FOR
        return self._known

    def _put_down(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._bell.ring()

    async def _send_logged(self, message: Taken) -> None:
        try:
            await self._send(message)
        except Exception as error:  # noqa: BLE001 its lease brings the message back, whatever was raised
            log.error("notify.message.unsettled", message_id=str(message.id), error=type(error).__name__)

    async def _send(self, message: Taken) -> None:
        if message.expires_at <= self._clock():
            await self._settle(message, Next(State.UNKNOWN if message.unsettled else State.EXPIRED))
            return
        carried, parts = await self._attempt(message)
        OUTCOMES.labels(carried.provider, self.lane, carried.outcome.verdict).inc()
        following = after(
            carried.outcome,
            pace=self._pace,
            attempts=message.attempts,
            expires_at=message.expires_at,
            askable=carried.askable,
            now=self._clock(),
        )
        await self._settle(message, following, self._acceptance(carried, parts))

    async def _attempt(self, message: Taken) -> tuple[Carried, int]:
        """What came of it, and how many SMS it is."""
        try:
            content = compose(message, self._keyring)
        except Unwritable as error:
            return Carried(Outcome(Verdict.REFUSED, reason=f"unwritable:{error}"), "", askable=False), 0
        return await self._courier.carry(message, content), content.parts

    def _acceptance(self, carried: Carried, parts: int) -> Acceptance | None:
        if carried.outcome.message_id is None:
            return None
        now = self._clock()
        return Acceptance(carried.provider, carried.outcome.message_id, parts, now, now + self._ask_after)

    async def _settle(self, message: Taken, following: Next, acceptance: Acceptance | None = None) -> None:
        settled = await self._settler.settle(Settlement(message, following, acceptance))
        log.info(
            f"notify.message.{following.state if settled else 'taken_over'}",
            message_id=str(message.id),
            template=message.template,
            attempts=message.attempts,
            failure=following.failure,
        )
