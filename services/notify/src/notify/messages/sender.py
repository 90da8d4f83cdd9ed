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
LOOKED_EVERY = 0.2
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
                await self._bell.wait(LOOKED_EVERY)
        return True

    async def begin(self) -> int:
        """Takes what is due, as far as the lane's limits allow, and begins to send it."""
        limits = await self._limits()
        free = limits.in_flight - len(self._in_hand)
        if free < min(self._pace.together, limits.in_flight):
            return 0
        free = self._throttle.allow(free, limits.per_second, time.monotonic())
        if free == 0:
            return 0
        await self._courier.refresh()
        async with self._database.transaction() as session:
            choose = self._courier.choose
            taken = await dispatch.take(session, self.lane, free, self._clock(), self._lease, choose)
        self._throttle.give_back(free - len(taken))
        for message in taken:
            task = asyncio.create_task(self._send_logged(message))
            self._in_hand.add(task)
            task.add_done_callback(self._put_down)
        return len(taken)

    async def _limits(self) -> Limits:
        """As they were a moment ago: staff change them without a restart."""
        if self._known is None or time.monotonic() >= self._known_until:
            async with self._database.transaction() as session:
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
