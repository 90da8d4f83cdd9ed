"""Asks what is due: takes in one transaction, asks the providers outside of any, settles in another.

A process that dies in between leaves leases that end; the next one asks again, which does no harm.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from aiolimiter import AsyncLimiter

from chassis.database import Database
from chassis.logging import get_logger
from identity.context import Context
from identity.inquiries import dispatch
from identity.inquiries.chain import Chain
from identity.inquiries.dispatch import BulkLimit, Taken
from identity.inquiries.domain import Pauses

FINISHING_SECONDS = 10.0
"""How long an end waits for what is in hand; the rest is left to the leases."""

WORTH_A_LOOK = 0.25
"""The part of its hands that a worker has free before it takes more."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """All workers ask ``run_rate`` questions of runs a second at most; one has ``at_once`` in hand."""

    at_once: int
    run_rate: float
    lease: timedelta
    pauses: Pauses


class Asker:
    """Any number of them may run, in any number of processes. Leaving its context ends what is in hand."""

    def __init__(self, database: Database, context: Context, chain: Chain, pace: Pace) -> None:
        self._database = database
        self._context = context
        self._chain = chain
        self._pace = pace
        self._limiter = AsyncLimiter(max(1.0, pace.run_rate), max(1.0, 1 / pace.run_rate))
        self._in_hand: dict[asyncio.Task[None], Taken] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand, timeout=FINISHING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def finish(self) -> None:
        """Waits until nothing is in hand."""
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def run(self) -> bool:
        """Takes what is due and begins to ask; True when there may be more."""
        while self._free < self._pace.at_once * WORTH_A_LOOK:
            await asyncio.wait(self._in_hand, return_when=asyncio.FIRST_COMPLETED)
        async with self._database.transaction() as session:
            taken, remembered = await dispatch.take(
                session,
                self._context.vault,
                self._free,
                BulkLimit(self._free_for_runs, self._pace.run_rate),
                self._context.clock(),
                self._pace.lease,
            )
        for inquiry in taken:
            task = asyncio.create_task(self._ask_logged(inquiry))
            self._in_hand[task] = inquiry
            task.add_done_callback(self._in_hand.pop)
        return bool(taken or remembered)

    @property
    def _free(self) -> int:
        return self._pace.at_once - len(self._in_hand)

    @property
    def _free_for_runs(self) -> int:
        """As many as may be asked in a second, so that nobody else waits long behind them."""
        in_hand = sum(taken.bulk for taken in self._in_hand.values())
        return max(1, int(self._pace.run_rate)) - in_hand

    async def _ask_logged(self, taken: Taken) -> None:
        try:
            await self._ask(taken)
        except Exception as error:  # noqa: BLE001 its lease brings the inquiry back, whatever was raised
            log.error("identity.inquiry.unsettled", inquiry_id=str(taken.id), error=type(error).__name__)

    async def _ask(self, taken: Taken) -> None:
        if taken.bulk:
            await self._limiter.acquire()
        answer = await self._chain.ask(taken.question)
        async with self._database.transaction() as session:
            settled = await dispatch.settle(
                session, self._context.vault, {taken: answer}, self._context.clock(), self._pace.pauses
            )
        log.info(
            f"identity.inquiry.{answer.result if settled else 'taken_over'}",
            inquiry_id=str(taken.id),
            kind=taken.question.kind,
            provider=answer.provider,
            reason=answer.reason,
        )
