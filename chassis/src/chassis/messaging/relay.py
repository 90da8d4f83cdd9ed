"""Sends what the outbox holds.

A row is deleted only after the broker's confirmation. A row that fails waits by itself and holds back
no other. Claiming the next rows overlaps with sending the last, so the broker is never idle for long.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import text

from chassis.database import Database
from chassis.logging import get_logger
from chassis.messaging import metrics, outbox
from chassis.messaging.failures import describe
from chassis.messaging.leases import LEASE_SECONDS, Lease, claim, settle
from chassis.messaging.pauses import backoff, pause
from chassis.messaging.transport import Transport, TransportError, Unavailable, Unroutable

BUSY_SECONDS = 0.02
IDLE_SECONDS = 0.25
WATCH_SECONDS = 5.0

_log = get_logger(__name__)


class Relay:
    """Sends a database's outbox through ``transport``; any number of relays may run at once.

    ``batch`` rows are leased for ``lease`` seconds at a time, ``depth`` batches may be under way.
    ``idle`` seconds at most lie between two looks; what this process records is looked for at once.
    ``service`` labels the metrics.
    """

    def __init__(
        self,
        database: Database,
        transport: Transport,
        *,
        service: str = "",
        batch: int = 500,
        lease: float = LEASE_SECONDS,
        depth: int = 2,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._database = database
        self._transport = transport
        self._service = service
        self._batch = batch
        self._lease = lease
        self._idle = idle
        self._under_way = asyncio.Semaphore(depth)
        self._broker_lost = False

    async def run(self, stop: asyncio.Event) -> None:
        """Relays until ``stop`` is set, then finishes the batches under way. Outages only delay it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(stop))
            idle, failures = BUSY_SECONDS, 0
            while not stop.is_set():
                try:
                    found = await self._send_next(group, stop)
                except Exception as error:  # noqa: BLE001 - an outage must not end the relay
                    _log.error("relay.failed", error=describe(error))
                    await pause(stop, backoff(failures))
                    failures += 1
                    continue
                failures = 0
                idle = BUSY_SECONDS if found else min(idle * 2, self._idle)
                if found < self._batch:
                    await self._rest(idle)

    async def _send_next(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> int:
        """Starts sending the rows that are due and says how many there were."""
        if self._broker_lost:
            await self._recover(stop)
        await self._under_way.acquire()
        sending = None
        try:
            async with self._database.engine.begin() as connection:
                lease = await claim(connection, self._batch, self._lease)
            if lease.messages:
                sending = group.create_task(self._send(lease))
        finally:
            if sending is None:
                self._under_way.release()
        return len(lease.messages)

    async def _send(self, lease: Lease) -> None:
        try:
            outcomes = await self._transport.publish(lease.messages)
            self._broker_lost = any(isinstance(outcome, Unavailable) for outcome in outcomes)
            async with self._database.engine.begin() as connection:
                await settle(connection, lease, outcomes)
            self._count(outcomes)
        except Exception as error:  # noqa: BLE001 - the rows are sent again when their lease ends
            _log.error("relay.unsettled", error=describe(error), rows=len(lease.messages))
        finally:
            self._under_way.release()

    def _count(self, outcomes: Sequence[TransportError | None]) -> None:
        errors = [outcome for outcome in outcomes if outcome is not None]
        metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(outcomes) - len(errors))
        for error in errors:
            if isinstance(error, Unroutable):
                metrics.OUTBOX_RETURNED.labels(self._service).inc()
            else:
                metrics.OUTBOX_FAILED.labels(self._service, type(error).__name__).inc()
        if errors:
            _log.warning("relay.postponed", rows=len(errors), error=describe(errors[0]))

    async def _recover(self, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                await self._transport.check()
            except Unavailable as error:
                await pause(stop, backoff(failures))
                failures += 1
                _log.warning("relay.broker_unavailable", error=describe(error), failures=failures)
            else:
                self._broker_lost = False
                return

    async def _rest(self, seconds: float) -> None:
        """Until then, or until this process records something."""
        recorded = self._database.recorded
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await recorded.wait()
        recorded.clear()

    async def _watch(self, stop: asyncio.Event) -> None:
        """Deletes rows whose time is over, also while the broker is away, and measures the rest."""
        while not stop.is_set():
            try:
                async with self._database.transaction() as session:
                    expired = await outbox.forget_expired(session)
                    waiting = (await session.execute(_WAITING)).one()
            except Exception as error:  # noqa: BLE001 - measuring must not end the relay
                _log.error("relay.unwatched", error=describe(error))
            else:
                metrics.OUTBOX_EXPIRED.labels(self._service).inc(expired)
                metrics.OUTBOX_UNSENT.labels(self._service).set(waiting.unsent)
                metrics.OUTBOX_OLDEST.labels(self._service).set(waiting.oldest)
            await pause(stop, WATCH_SECONDS)


_WAITING = text(
    """
    SELECT count(*) AS unsent, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
    FROM outbox
    """
)
