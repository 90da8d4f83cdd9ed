"""The deliveries of one queue of the local broker: rows on lease, like the outbox's."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakSet

from sqlalchemy import TextClause

from chassis.database import ASYNCHRONOUS_COMMIT, Database
from chassis.messaging.transport import Delivery, Message
from chassis.messaging.transports import local_tables as sql
from chassis.messaging.transports.local_outage import unavailable_during_outage

LEASE_SECONDS = 15.0
_POLL_SECONDS = (1.0, 2.0)

_listeners: defaultdict[tuple[str, str], WeakSet[asyncio.Event]] = defaultdict(WeakSet)


def wake(broker: str, queue: str) -> None:
    """Tells the sources of ``queue`` in this process that something arrived; others find it by polling."""
    for arrived in _listeners.get((broker, queue), ()):
        arrived.set()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The row and the lease under which it was taken."""

    id: int
    token: UUID


class LocalSource:
    """Takes rows of ``queue``; one that was not answered when its lease ends is delivered again."""

    def __init__(self, database: Database, broker: str, queue: str, lease: float = LEASE_SECONDS) -> None:
        self._database = database
        self._broker = broker
        self._queue = queue
        self._lease = lease
        self._arrived = asyncio.Event()
        self._held: set[Receipt] = set()
        self._cancelled = False
        self._found_nothing = False
        _listeners[broker, queue].add(self._arrived)

    async def take(self, limit: int) -> Sequence[Delivery]:
        if self._cancelled:
            return []
        if self._found_nothing:
            await self._rest()
        self._arrived.clear()
        deliveries = await self._claim(limit)
        self._found_nothing = not deliveries
        return deliveries

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(random.uniform(*_POLL_SECONDS)):  # noqa: S311 - spreads polling
                await self._arrived.wait()

    async def _claim(self, limit: int) -> Sequence[Delivery]:
        token = uuid4()
        parameters = {"queue": self._queue, "token": token, "seconds": self._lease, "limit": limit}
        with unavailable_during_outage():
            async with self._database.engine.begin() as connection:
                await connection.execute(ASYNCHRONOUS_COMMIT)
                rows = (await connection.execute(sql.TAKE, parameters)).all()
                if not rows:
                    await connection.execute(sql.EXPIRE, {"queue": self._queue})
        deliveries = [_delivery(row, token) for row in sorted(rows, key=lambda row: row.id)]
        self._held.update(delivery.receipt for delivery in deliveries)
        return deliveries

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        receipts = [delivery.receipt for delivery in deliveries]
        await self._answer(sql.ACKNOWLEDGE, _columns(receipts), ASYNCHRONOUS_COMMIT)
        self._held.difference_update(receipts)

    async def retry(self, delivery: Delivery, delay: float, error: str) -> None:
        await self._answer(sql.RETRY, {**_row(delivery), "delay": delay, "error": error})
        self._held.discard(delivery.receipt)

    async def bury(self, delivery: Delivery, error: str) -> None:
        await self._answer(sql.BURY, {**_row(delivery), "error": error})
        self._held.discard(delivery.receipt)

    async def _answer(
        self, statement: TextClause, parameters: Mapping[str, Any], *before: TextClause
    ) -> None:
        with unavailable_during_outage():
            async with self._database.engine.begin() as connection:
                for preparation in before:
                    await connection.execute(preparation)
                await connection.execute(statement, parameters)

    async def cancel(self) -> None:
        self._cancelled = True

    async def let_go(self) -> None:
        """What was not answered may be taken by others at once."""
        _listeners[self._broker, self._queue].discard(self._arrived)
        if self._held:
            await self._answer(sql.LET_GO, _columns(list(self._held)))
            wake(self._broker, self._queue)


def _row(delivery: Delivery) -> dict[str, Any]:
    return {"id": delivery.receipt.id, "token": delivery.receipt.token}


def _columns(receipts: Sequence[Receipt]) -> dict[str, Any]:
    return {"ids": [receipt.id for receipt in receipts], "tokens": [receipt.token for receipt in receipts]}


def _delivery(row: Any, token: UUID) -> Delivery:
    return Delivery(
        message=Message(row.message_id, row.name, row.body, row.expires_at),
        attempt=row.attempt,
        redeliveries=row.redeliveries,
        redrives=row.redrives,
        receipt=Receipt(row.id, token),
    )
