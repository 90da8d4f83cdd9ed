"""Notes what became of the messages of one lane: what comes while a transaction runs shares the next one.

So many messages cost few transactions. In a lane that gathers they wait a moment for more; in the others a
single one waits for nobody.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database import Database
from notify.lanes.service import spend
from notify.messages import dispatch
from notify.messages.dispatch import Settlement
from notify.messages.domain import PACES, Lane

MOST = 200

_Waiting = tuple[Settlement, "asyncio.Future[bool]"]


class Settler:
    """Of a lane in a process."""

    def __init__(self, lane: Lane, database: Database, clock: Clock) -> None:
        self._lane = lane
        self._gathers = PACES[lane].gathers
        self._database = database
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._work: asyncio.Task[None] | None = None

    async def settle(self, settlement: Settlement) -> bool:
        """False when the lease was lost; raises what the transaction raised."""
        noted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((settlement, noted))
        if self._work is None:
            self._work = asyncio.create_task(self._settle_waiting())
        return await noted

    async def _settle_waiting(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._gathers)
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._settle(batch)
        finally:
            self._work = None

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            settled = await self._write([settlement for settlement, _ in batch])
        except Exception as error:  # noqa: BLE001 raised to everybody who waits for it
            for _, noted in batch:
                if not noted.done():
                    noted.set_exception(error)
            return
        for settlement, noted in batch:
            if not noted.done():
                noted.set_result(settlement.taken.id in settled)

    async def _write(self, settlements: Sequence[Settlement]) -> frozenset[UUID]:
        async with self._database.transaction() as session:
            settled = await dispatch.settle(session, settlements)
            accepted = [
                settlement.acceptance.parts
                for settlement in settlements
                if settlement.acceptance is not None and settlement.taken.id in settled
            ]
            if accepted:
                await spend(session, self._lane, len(accepted), sum(accepted), self._clock())
        return settled
