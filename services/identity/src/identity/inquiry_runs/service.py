"""Starting runs, putting their inquiries in, pausing and ending them.

A run only says which inquiries are due; they are asked like any other, after those that people wait for. What
is known stays known until a new answer replaces it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Exists, Text, Update, Uuid, bindparam, exists, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.logging import get_logger
from identity.customers.tables import Customer
from identity.inquiries.domain import Kind
from identity.inquiries.tables import Inquiry
from identity.inquiry_runs import queries
from identity.inquiry_runs.domain import RunInProgress, RunState, moved
from identity.inquiry_runs.tables import InquiryRun

CHUNK = 2_000
"""Customers put in by one transaction."""

_PUT_IN = text(
    """
    INSERT INTO inquiries AS known (id, customer_id, kind, version, from_memory, attempts, next_attempt_at,
                                    bulk, run_id, opened_at)
    SELECT gen_random_uuid(), customer_id, kind, 0, false, 0, CAST(:now AS timestamptz), true,
           CAST(:run_id AS uuid), CAST(:now AS timestamptz)
    FROM unnest(:customer_ids) AS listed (customer_id) CROSS JOIN unnest(:kinds) AS wanted (kind)
    ORDER BY customer_id, kind
    ON CONFLICT (customer_id, kind) DO UPDATE
    SET run_id = excluded.run_id,
        bulk = known.bulk OR known.next_attempt_at IS NULL,
        attempts = CASE WHEN known.result IS NULL THEN known.attempts ELSE 0 END,
        next_attempt_at = CASE WHEN known.lease IS NULL THEN excluded.next_attempt_at
                               ELSE known.next_attempt_at END
    """
).bindparams(
    bindparam("customer_ids", type_=ARRAY(Uuid)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("run_id", type_=Uuid),
)

log = get_logger(__name__)


async def start(
    session: AsyncSession, kinds: Sequence[Kind], customer_ids: Sequence[UUID] | None, by: UUID, now: datetime
) -> InquiryRun:
    """A run over these customers (unknown ones are passed over), or everybody; raises ``RunInProgress``."""
    run = InquiryRun(
        id=uuid7(),
        kinds=sorted(set(kinds)),
        customer_ids=None if customer_ids is None else sorted(set(customer_ids)),
        state=RunState.RUNNING,
        listed=False,
        started_by=by,
        started_at=now,
    )
    session.add(run)
    try:
        await session.flush()
    except IntegrityError as error:
        if "one_at_a_time" in str(error.orig):
            raise RunInProgress from error
        raise
    log.info("identity.inquiry_run.started", run_id=str(run.id), kinds=run.kinds)
    return run


async def move(session: AsyncSession, run_id: UUID, wanted: str, now: datetime) -> InquiryRun:
    """Pauses, resumes or cancels; raises ``IllegalRunMove``."""
    run = await session.get(InquiryRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound
    _move(run, wanted)
    if run.state == RunState.CANCELLED:
        await _end(session, run, now)
        await session.execute(_withdrawn(run.id))
    return run


async def go_on(session: AsyncSession, now: datetime) -> bool:
    """Puts in the next customers of the run in progress, or ends it; True when there is more to put in."""
    running = select(InquiryRun).where(InquiryRun.state == RunState.RUNNING)
    run = await session.scalar(running.with_for_update(skip_locked=True))
    if run is None:
        return False
    if not run.listed:
        await _put_in(session, run, now)
    elif not await session.scalar(select(_waits(run.id))):
        _move(run, "finish")
        await _end(session, run, now)
    return not run.listed


async def _put_in(session: AsyncSession, run: InquiryRun, now: datetime) -> None:
    listed = _next_of_list(run)
    following = select(Customer.id).order_by(Customer.id)
    if listed is not None:
        following = following.where(Customer.id.in_(listed))
    elif run.position is not None:
        following = following.where(Customer.id > run.position)
    held = following.limit(CHUNK).with_for_update(read=True, key_share=True)
    customer_ids = (await session.scalars(held)).all()
    if customer_ids:
        put_in = {"run_id": run.id, "customer_ids": customer_ids, "kinds": run.kinds, "now": now}
        await session.execute(_PUT_IN, put_in)
    passed = customer_ids if listed is None else listed
    run.position = passed[-1] if passed else run.position
    run.listed = len(passed) < CHUNK


def _next_of_list(run: InquiryRun) -> Sequence[UUID] | None:
    """The next ids that were listed, whoever they are; None in a run over everybody."""
    if run.customer_ids is None:
        return None
    begin = 0 if run.position is None else bisect_right(run.customer_ids, run.position)
    return run.customer_ids[begin : begin + CHUNK]


def _waits(run_id: UUID) -> Exists:
    return exists().where(Inquiry.run_id == run_id, Inquiry.next_attempt_at.is_not(None))


def _withdrawn(run_id: UUID) -> Update:
    """What waits only because of the run waits no more, unless it has never had an answer."""
    return (
        update(Inquiry)
        .where(Inquiry.run_id == run_id, Inquiry.bulk, Inquiry.lease.is_(None), Inquiry.result.is_not(None))
        .values(next_attempt_at=None, bulk=False)
    )


async def _end(session: AsyncSession, run: InquiryRun, now: datetime) -> None:
    run.ended_at = now
    run.progress = await queries.count(session, run.id)


def _move(run: InquiryRun, wanted: str) -> None:
    run.state = moved(run.state, wanted)
    log.info(f"identity.inquiry_run.{run.state}", run_id=str(run.id))
