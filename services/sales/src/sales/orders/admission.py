"""The admission of orders, in batches.

At an opening many requests of one process arrive together. They are collected while the previous
batch is being written, and admitted in one transaction: the offerings' rows are locked in the order
of their ids, as many orders as there are cars on every level are inserted as a set, and the counters
move by what was inserted. Several processes stay exact because they meet at the locks;
``CHECK (sold <= capacity)`` and the unique index on (plan, person) are the last defence.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
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
from sales.capacity.room import Room
from sales.eligibility import applicants, evidence
from sales.eligibility.domain import Terms, Verdict, looked_up, refusal
from sales.eligibility.evidence import Checked
from sales.orders import intake
from sales.orders.domain import Choice, OneOrderPerPlan, Receipt, SoldOut
from sales.orders.intake import NewOrder, Register
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
    evidence: Sequence[Verdict] = ()


class Admission:
    """Open it as a context; then ``admit`` any number of requests at once."""

    def __init__(self, database: Database, catalogue: Catalogue, batch: int, register: Register) -> None:
        self._database = database
        self._catalogue = catalogue
        self._batch = batch
        self._register = register
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
            return await _Batch(session, self._catalogue, self._register).admit(batch)


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

    def __init__(self, session: AsyncSession, catalogue: Catalogue, register: Register) -> None:
        self._session = session
        self._catalogue = catalogue
        self._register = register

    async def admit(self, batch: Sequence[Request]) -> list[Receipt | Exception | None]:
        """The answer to each request, None for one that is to be tried again."""
        await self._judge(batch)
        inserted = await self._insert([request for request in batch if request.refusal is None])
        found = await self._repeats([request for request in batch if request not in inserted])
        return [inserted.get(request) or found[request] for request in batch]

    async def _judge(self, batch: Sequence[Request]) -> None:
        fresh = [request for request in batch if request.refusal is None]
        customer_ids = {request.choice.customer_id for request in fresh}
        terms = {id(request.terms): request.terms for request in fresh}
        known = await applicants.known(self._session, customer_ids, terms.values())
        for request in fresh:
            applicant = known[request.choice.customer_id]
            request.refusal = refusal(applicant, request.terms)
            if request.terms.keeps_evidence and request.refusal is None:
                request.evidence = looked_up(applicant, request.terms)

    async def _insert(self, requests: Sequence[Request]) -> dict[Request, Receipt]:
        """Waves: as many as there is room for go in, and what they did not take is offered again."""
        waiting = [(request, request.order) for request in requests if request.order is not None]
        inserted: dict[Request, Receipt] = {}
        placed: list[NewOrder] = []
        room = await self._room(order for _, order in waiting)
        while True:
            wave, waiting = _divided(room, waiting)
            if not wave:
                break
            taken = await self._insert_wave([order for _, order in wave])
            for request, order in wave:
                if order.id in taken:
                    inserted[request] = order.receipt()
                    placed.append(order)
                elif order.pay_before is not None:
                    room.give_back(order.choice.offering_id, order.quotas)
        self._refuse_the_rest(waiting, room)
        await intake.record(self._session, placed, self._register)
        await self._keep_evidence(inserted)
        return inserted

    async def _keep_evidence(self, inserted: Mapping[Request, Receipt]) -> None:
        checks = [
            Checked(receipt.order_id, request.terms.rule_set_id, request.evidence)
            for request, receipt in inserted.items()
            if request.evidence
        ]
        await evidence.keep(self._session, checks, "order", self._catalogue.now())

    async def _insert_wave(self, orders: Sequence[NewOrder]) -> set[UUID]:
        """Every process inserts the persons of a wave in the same order."""
        return await intake.insert(self._session, sorted(orders, key=lambda order: order.choice.customer_id))

    async def _room(self, orders: Iterable[NewOrder]) -> Room:
        held = [order for order in orders if order.pay_before is not None]
        offering_ids = {order.choice.offering_id for order in held}
        free = await counters.lock(self._session, offering_ids) if offering_ids else {}
        divided = {key[0] for order in held for key in order.quotas}
        in_quotas = await counters.free_in_quotas(self._session, divided) if divided else {}
        return Room(free, in_quotas)

    def _refuse_the_rest(self, waiting: Sequence[tuple[Request, NewOrder]], room: Room) -> None:
        for request, order in waiting:
            full = room.full(order.choice.offering_id, order.quotas)
            if full is not None:
                self._catalogue.sold_out.add(full)
                request.refusal = SoldOut(full)

    async def _repeats(self, requests: Sequence[Request]) -> dict[Request, Receipt | Exception | None]:
        """What the database already has of these persons decides what they are told."""
        known = await intake.existing(self._session, [request.choice for request in requests])
        return {request: _answer_of_existing(request, known) for request in requests}


Waiting = list[tuple[Request, NewOrder]]


def _divided(room: Room, waiting: Waiting) -> tuple[Waiting, Waiting]:
    """Who finds a place, in their order of arrival, and who does not; for a draw nobody needs one."""
    found: Waiting = []
    left: Waiting = []
    for request, order in waiting:
        placed = order.pay_before is None or room.take(order.choice.offering_id, order.quotas)
        (found if placed else left).append((request, order))
    return found, left


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
