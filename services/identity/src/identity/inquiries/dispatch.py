"""Taking inquiries to ask, and noting what became of them; each in a short transaction.

Whoever takes one holds a lease on it: a random token and a time. When the time is over somebody else takes
it, and what the first one then says about it has no effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.messaging import outbox
from events.identity import InquiryConcluded
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.inquiries import pacing, queries
from identity.inquiries.domain import KEPT, Answer, Kind, Pauses, Person, Question, Result
from identity.inquiries.tables import Inquiry, InquiryAnswer
from identity.inquiry_runs.tables import InquiryRun
from identity.vault import Vault

DIGEST, INPUTS = "inquiry_answers.digest", "inquiry_answers.inputs_index"


@dataclass(frozen=True, slots=True)
class Taken:
    """An inquiry in hand; ``inputs_index`` is its question's."""

    id: UUID
    lease: UUID
    question: Question
    inputs_index: str
    bulk: bool


@dataclass(frozen=True, slots=True)
class BulkLimit:
    """How many of runs: for this worker now, and for all workers a second."""

    of_worker: int
    rate: float


async def take(
    session: AsyncSession, vault: Vault, limit: int, bulk_limit: BulkLimit, now: datetime, lease: timedelta
) -> tuple[list[Taken], int]:
    """Up to ``limit`` that are due, of runs no more than ``bulk_limit`` says, which come last; and how many
    more were answered from memory.
    """
    rows: list[Row[Inquiry, Customer]] = []
    rows += (await session.execute(_claim(Inquiry.bulk.is_(False), now, limit))).all()
    free = min(limit - len(rows), bulk_limit.of_worker)
    free = min(free, await pacing.left(session, bulk_limit.rate)) if free > 0 else 0
    if free > 0:
        rows += (await session.execute(_claim(and_(Inquiry.bulk, _its_run_goes_on()), now, free))).all()
    questions = {inquiry.id: question_of(inquiry, customer, vault) for inquiry, customer in rows}
    indexes = {key: vault.mac(question.inputs, INPUTS) for key, question in questions.items()}
    known = await queries.remembered(session, set(indexes.values()), now) if indexes else {}
    taken, concluded = [], []
    for inquiry, _ in rows:
        index = indexes[inquiry.id]
        if answer := known.get(index):
            concluded += _conclude(inquiry, answer, now, questions[inquiry.id], vault, from_memory=True)
        else:
            inquiry.lease, inquiry.next_attempt_at = uuid4(), now + lease
            taken.append(Taken(inquiry.id, inquiry.lease, questions[inquiry.id], index, inquiry.bulk))
    await pacing.use(session, sum(one.bulk for one in taken))
    await outbox.record(session, *concluded)
    return taken, len(rows) - len(taken)


def _claim(due: ColumnElement[bool], now: datetime, limit: int) -> Select[Inquiry, Customer]:
    return (
        select(Inquiry, Customer)
        .join(Customer, Customer.id == Inquiry.customer_id)
        .where(due, Inquiry.next_attempt_at <= now)
        .order_by(Inquiry.next_attempt_at)
        .limit(limit)
        .with_for_update(of=Inquiry, skip_locked=True)
    )


def _its_run_goes_on() -> ColumnElement[bool]:
    paused = exists().where(InquiryRun.id == Inquiry.run_id, InquiryRun.state == "paused")
    return or_(Inquiry.run_id.is_(None), ~paused)


def question_of(inquiry: Inquiry, customer: Customer, vault: Vault) -> Question:
    profile = opened(customer, vault)
    person = Person(
        national_code=profile.national_code,
        mobile=profile.mobile,
        first_name=profile.first_name,
        last_name=profile.last_name,
        birth_date=profile.birth_date,
        iban=profile.iban,
    )
    return Question(Kind(inquiry.kind), person)


async def settle(
    session: AsyncSession, vault: Vault, answers: Mapping[Taken, Answer], now: datetime, pauses: Pauses
) -> int:
    """Notes the answers; counts those whose lease still held."""
    by_id = {taken.id: taken for taken in answers}
    found = select(Inquiry).where(Inquiry.id.in_(by_id)).order_by(Inquiry.customer_id, Inquiry.kind)
    held: Sequence[Inquiry] = [
        inquiry
        for inquiry in await session.scalars(found.with_for_update())
        if inquiry.lease == by_id[inquiry.id].lease
    ]
    concluded = []
    for inquiry in held:
        taken = by_id[inquiry.id]
        answer = answers[taken]
        if answer.result is Result.UNAVAILABLE:
            _postpone(inquiry, answer, now, pauses)
        else:
            row = _row(taken, answer, vault)
            session.add(row)
            await session.flush()
            concluded += _conclude(inquiry, row, now, taken.question, vault, from_memory=False)
    await outbox.record(session, *concluded)
    return len(held)


def _postpone(inquiry: Inquiry, answer: Answer, now: datetime, pauses: Pauses) -> None:
    """Nobody could be asked: soon again. Somebody was, in vain: later each time."""
    inquiry.lease = None
    inquiry.reason = answer.reason
    inquiry.attempts += answer.provider is not None
    inquiry.next_attempt_at = now + (pauses.after(inquiry.attempts) if inquiry.attempts else pauses.first)


def _row(taken: Taken, answer: Answer, vault: Vault) -> InquiryAnswer:
    assert answer.provider is not None
    return InquiryAnswer(
        id=uuid7(),
        kind=taken.question.kind,
        inputs_index=taken.inputs_index,
        result=answer.result,
        reason=answer.reason,
        provider=answer.provider,
        trace_id=answer.trace_id,
        digest=None if answer.digest is None else vault.mac(answer.digest, DIGEST),
        asked_at=answer.asked_at,
        fresh_until=answer.asked_at + KEPT[answer.result],
    )


def _conclude(
    inquiry: Inquiry,
    answer: InquiryAnswer,
    now: datetime,
    question: Question,
    vault: Vault,
    *,
    from_memory: bool,
) -> list[InquiryConcluded]:
    """The event, if the answer says anything new."""
    new = inquiry.result != answer.result
    inquiry.version += new
    inquiry.result, inquiry.reason, inquiry.answer_id = answer.result, answer.reason, answer.id
    inquiry.from_memory, inquiry.attempts = from_memory, 0
    inquiry.lease = inquiry.next_attempt_at = None
    inquiry.bulk, inquiry.concluded_at = False, now
    return [concluded_of(inquiry, answer, question, vault)] if new else []


def concluded_of(
    inquiry: Inquiry, answer: InquiryAnswer, question: Question, vault: Vault
) -> InquiryConcluded:
    is_theirs = question.kind is Kind.IBAN_OWNER and answer.result == Result.MATCH
    iban = {"iban": str(question.person.iban)}
    return InquiryConcluded.model_validate(
        {
            "version": inquiry.version,
            "inquiry_id": inquiry.id,
            "customer_id": inquiry.customer_id,
            "kind": inquiry.kind,
            "result": answer.result,
            "reason": answer.reason,
            "asked_at": answer.asked_at,
            "iban": vault.seal_for_event(iban, f"{InquiryConcluded.name}.iban") if is_theirs else None,
        }
    )
