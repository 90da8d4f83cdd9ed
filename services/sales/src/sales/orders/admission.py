"""The admission of first-come orders, in batches.

At an opening many requests of one process arrive together. They are collected while the previous
batch is being written, and admitted in one transaction: the offerings' rows are locked in the order
of their ids, as many orders as there are cars are inserted as a set, and the counters move by what
was inserted. Several processes stay exact because they meet at the locks;
``CHECK (sold <= capacity)`` and the unique index on (plan, person) are the last defence.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from uuid import UUID

from prometheus_client import Counter, Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database, retry_conflicts
from chassis.errors import Problem
from chassis.idempotency import IdempotencyKeyReused
from sales.capacity import counters
from sales.eligibility.domain import Terms, refusal
from sales.orders import intake
from sales.orders.domain import Choice, OneOrderPerPlan, Receipt, SoldOut
from sales.orders.intake import NewOrder
from sales.plans.catalogue import Catalogue

BATCH_SIZE = Histogram(
    "sales_admission_batch", "Requests in a batch", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
OUTCOMES = Counter("sales_admissions_total", "Requests judged", ["outcome"])
NUMBER_TRIES = 3


@dataclass(slots=True, eq=False)
class Request:
    """One buyer who waits; ``refusal`` is what refuses it unless it repeats an earlier request."""

    choice: Choice
    terms: Terms
    order: NewOrder | None
    refusal: Problem | None
    answer: asyncio.Future[Receipt]
    tries: int = field(default=0)


class Admission:
    """Open it as a context; then ``admit`` any number of requests at once."""

    def __init__(self, database: Database, catalogue: Catalogue, batch: int) -> None:
        self._database = database
        self._catalogue = catalogue
        self._batch = batch
        self._waiting: list[Request] = []
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._working = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._working.cancel()
        with suppress(asyncio.CancelledError):
            await self._working

    async def admit(
        self, choice: Choice, terms: Terms, order: NewOrder | None, refused: Problem | None = None
    ) -> Receipt:
        """The receipt of the order; raises the ``Problem`` that refuses it.

        A request that was ``refused`` already is only looked up: it may repeat one that was taken.
        """
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(Request(choice, terms, order, refused, answer))
        self._arrived.set()
        return await answer

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            batch, self._waiting = self._waiting[: self._batch], self._waiting[self._batch :]
            if not self._waiting:
                self._arrived.clear()
            BATCH_SIZE.observe(len(batch))
            await self._admit_batch(batch)

    async def _admit_batch(self, batch: Sequence[Request]) -> None:
        try:
            answers = await self._answers(batch)
        except Exception as error:  # noqa: BLE001 each waiting request answers with it
            for request in batch:
                _settle(request, error)
            return
        for request, answer in zip(batch, answers, strict=True):
            if answer is None:
                self._waiting.append(request)
                self._arrived.set()
            else:
                _settle(request, answer)

    @retry_conflicts
    async def _answers(self, batch: Sequence[Request]) -> list[Receipt | Exception | None]:
        async with self._database.transaction() as session:
            return await _Batch(session, self._catalogue).admit(batch)


def _settle(request: Request, answer: Receipt | Exception) -> None:
    if request.answer.done():
        return
    if isinstance(answer, Exception):
        OUTCOMES.labels(getattr(answer, "code", "error")).inc()
        request.answer.set_exception(answer)
    else:
        OUTCOMES.labels("admitted").inc()
        request.answer.set_result(answer)


class _Batch:
    """One transaction's worth of requests."""

    def __init__(self, session: AsyncSession, catalogue: Catalogue) -> None:
        self._session = session
        self._catalogue = catalogue

    async def admit(self, batch: Sequence[Request]) -> list[Receipt | Exception | None]:
        """The answer to each request, None for one that is to be tried again."""
        await self._judge(batch)
        inserted = await self._insert([request for request in batch if request.refusal is None])
        found = await self._repeats([request for request in batch if request not in inserted])
        return [inserted.get(request) or found[request] for request in batch]

    async def _judge(self, batch: Sequence[Request]) -> None:
        fresh = [request for request in batch if request.refusal is None]
        customer_ids = {request.choice.customer_id for request in fresh}
        inquiries = any(request.terms.inquiries for request in fresh)
        applicants = await intake.applicants(self._session, customer_ids, inquiries=inquiries)
        for request in fresh:
            request.refusal = refusal(applicants[request.choice.customer_id], request.terms)

    async def _insert(self, requests: Sequence[Request]) -> dict[Request, Receipt]:
        by_offering: dict[UUID, list[Request]] = defaultdict(list)
        for request in requests:
            by_offering[request.choice.offering_id].append(request)
        if not by_offering:
            return {}
        free = await counters.lock(self._session, by_offering)
        inserted: dict[Request, Receipt] = {}
        while wave := self._next_wave(by_offering, free):
            taken = await intake.insert(self._session, [r.order for r in wave if r.order is not None])
            for request in wave:
                if request.order is not None and request.order.id in taken:
                    inserted[request] = request.order.receipt()
                    free[request.choice.offering_id] -= 1
        self._refuse_the_rest(by_offering)
        await intake.record(self._session, [r.order for r in requests if r.order and r in inserted])
        return inserted

    def _next_wave(self, waiting: dict[UUID, list[Request]], free: dict[UUID, int]) -> list[Request]:
        """As many requests as there are cars, in their order of arrival."""
        wave: list[Request] = []
        for offering_id, requests in waiting.items():
            count = free.get(offering_id, 0)
            wave += requests[:count]
            waiting[offering_id] = requests[count:]
        return sorted(wave, key=lambda request: request.choice.customer_id)

    def _refuse_the_rest(self, waiting: dict[UUID, list[Request]]) -> None:
        for offering_id, requests in waiting.items():
            if requests:
                self._catalogue.sold_out.add(offering_id)
            for request in requests:
                request.refusal = SoldOut()

    async def _repeats(self, requests: Sequence[Request]) -> dict[Request, Receipt | Exception | None]:
        """What the database already has of these persons decides what they are told."""
        known = await intake.existing(self._session, [request.choice for request in requests])
        return {request: _answer_of_existing(request, known) for request in requests}


def _answer_of_existing(request: Request, known: intake.Existing) -> Receipt | Exception | None:
    choice = request.choice
    repeated = known.by_key.get((choice.customer_id, choice.idempotency_key or ""))
    if repeated is not None:
        same = repeated.fingerprint == choice.fingerprint
        return repeated.receipt if same else IdempotencyKeyReused()
    if request.refusal is not None and not isinstance(request.refusal, SoldOut):
        return request.refusal
    if (choice.plan_id, choice.customer_id) in known.live:
        return OneOrderPerPlan()
    if request.refusal is not None:
        return request.refusal
    return _try_another_number(request)


def _try_another_number(request: Request) -> Exception | None:
    """The insert met neither this person nor this key: the request number was taken."""
    request.tries += 1
    if request.order is None or request.tries > NUMBER_TRIES:
        return RuntimeError("an order could not be inserted")
    request.order = request.order.renumbered()
    return None
