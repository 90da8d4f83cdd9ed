"""From deliveries to effects, each exactly once.

A batch is handled in one transaction. When a handler fails, that transaction is rolled back, its message
has used up one try, and each of the others is handled in a transaction of its own, so that a poisoned
message costs only itself. While the database is away nothing fails: the batch waits for it.
"""

import asyncio
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import Counter
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import system_clock
from chassis.database import Database, is_conflict, is_outage
from chassis.logging import get_logger
from chassis.messaging import inbox, metrics
from chassis.messaging.envelope import Envelope, handling
from chassis.messaging.failures import describe
from chassis.messaging.pauses import backoff, pause
from chassis.messaging.subscription import Handler, Subscription
from chassis.messaging.transport import Delivery, Source, Unavailable
from events import Event

REPETITIONS = 5
"""How often a transaction is repeated at once after a deadlock or serialization failure."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A delivery that was understood."""

    delivery: Delivery
    envelope: Envelope
    event: Event
    handler: Handler


class _Failure(Exception):
    """A transaction did not commit; ``work`` is whose handler raised ``error``, None for no handler's."""

    def __init__(self, error: Exception, work: Work | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.work = work

    @property
    def is_outage(self) -> bool:
        """A handler's own OSError is its fault, the database driver's is not."""
        return is_outage(self.error) and (self.work is None or isinstance(self.error, SQLAlchemyError))


class Processor:
    """Handles the deliveries of one queue, one batch after the other."""

    def __init__(
        self, database: Database, source: Source, subscription: Subscription, stop: asyncio.Event
    ) -> None:
        self._database = database
        self._source = source
        self._subscription = subscription
        self._queue = subscription.queue
        self._stop = stop
        self._handlers = {event.name: (event, handler) for event, handler in subscription.handlers.items()}

    async def process(self, deliveries: Sequence[Delivery]) -> None:
        """Answers every delivery. Raises ``Unavailable`` when the process stops during an outage."""
        works = [work for delivery in deliveries if (work := await self._accept(delivery))]
        if not works:
            return
        try:
            await self._complete(works)
        except _Failure as failure:
            culprit = failure.work or (works[0] if len(works) == 1 else None)
            if culprit:
                await self._fail(culprit, failure.error)
            for work in works:
                if work is not culprit:
                    await self._process_alone(work)

    async def _process_alone(self, work: Work) -> None:
        try:
            await self._complete([work])
        except _Failure as failure:
            await self._fail(work, failure.error)

    async def _accept(self, delivery: Delivery) -> Work | None:
        """The work in a delivery; answers by itself those that hold none."""
        message = delivery.message
        if message.expires_at and message.expires_at <= system_clock():
            await self._drop(delivery, metrics.EXPIRED)
        elif delivery.redeliveries >= self._subscription.crash_limit:
            await self._bury(delivery, "CrashLimit")
        elif message.name not in self._handlers:
            await self._drop(delivery, metrics.UNKNOWN)
        else:
            return await self._understand(delivery)
        return None

    async def _understand(self, delivery: Delivery) -> Work | None:
        model, handler = self._handlers[delivery.message.name]
        try:
            envelope = Envelope.model_validate_json(delivery.message.body)
            return Work(delivery, envelope, model.model_validate(envelope.payload), handler)
        except ValidationError as error:
            await self._bury(delivery, describe(error))
            return None

    async def _complete(self, works: Sequence[Work]) -> None:
        """Commits the effects of ``works`` and acknowledges them; raises ``_Failure``."""
        repetitions, outages = 0, 0
        while True:
            try:
                handled = await self._transact(works)
            except _Failure as failure:
                if failure.is_outage:
                    await self._sit_out(failure.error, outages)
                    outages += 1
                elif is_conflict(failure.error) and repetitions < REPETITIONS:
                    repetitions += 1
                    await asyncio.sleep(random.uniform(0, 0.02 * repetitions))  # noqa: S311 - no secret
                else:
                    raise
            else:
                await self._source.acknowledge([work.delivery for work in works])
                self._count(works, handled)
                return

    async def _transact(self, works: Sequence[Work]) -> Collection[Work]:
        """Runs the handlers of messages that are new; answers with their works."""
        handled: list[Work] = []
        try:
            async with self._database.transaction() as session:
                new = await inbox.remember(session, self._queue, {work.envelope.id for work in works})
                for work in works:
                    if work.envelope.id in new:
                        new.discard(work.envelope.id)
                        await self._handle(session, work)
                        handled.append(work)
        except _Failure:
            raise
        except Exception as error:
            raise _Failure(error) from error
        return handled

    async def _handle(self, session: AsyncSession, work: Work) -> None:
        try:
            with handling(work.envelope):
                await work.handler(session, work.event)
                await session.flush()
        except Exception as error:
            raise _Failure(error, work) from error

    async def _sit_out(self, error: Exception, outages: int) -> None:
        if self._stop.is_set():
            raise Unavailable("stopped while the database was away") from error
        _log.warning("queue.database_unavailable", queue=self._queue, error=describe(error))
        await pause(self._stop, backoff(outages))

    async def _fail(self, work: Work, error: Exception) -> None:
        """One try is used up: a later one, or the end."""
        delivery, reason = work.delivery, describe(error)
        _log.warning(
            "message.failed",
            queue=self._queue,
            message_id=str(delivery.message.id),
            message_name=delivery.message.name,
            attempt=delivery.attempt,
            error=reason,
        )
        delays = self._subscription.retry_delays
        if delivery.attempt > len(delays):
            await self._bury(delivery, reason)
            return
        delay = delays[delivery.attempt - 1]
        expires_at = delivery.message.expires_at
        if expires_at and expires_at <= system_clock() + timedelta(seconds=delay):
            await self._drop(delivery, metrics.EXPIRED)
            return
        await self._source.retry(delivery, delay, reason)
        metrics.RETRIED.labels(self._queue).inc()

    async def _bury(self, delivery: Delivery, reason: str) -> None:
        _log.error(
            "message.dead",
            queue=self._queue,
            message_id=str(delivery.message.id),
            message_name=delivery.message.name,
            error=reason,
        )
        await self._source.bury(delivery, reason)
        metrics.DEAD.labels(self._queue).inc()

    async def _drop(self, delivery: Delivery, counter: Counter) -> None:
        await self._source.acknowledge([delivery])
        counter.labels(self._queue).inc()

    def _count(self, works: Sequence[Work], handled: Collection[Work]) -> None:
        now = system_clock()
        metrics.HANDLED.labels(self._queue).inc(len(handled))
        metrics.DUPLICATES.labels(self._queue).inc(len(works) - len(handled))
        lag = metrics.LAG.labels(self._queue)
        for work in handled:
            lag.observe((now - work.envelope.occurred_at).total_seconds())
