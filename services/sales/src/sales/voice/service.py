"""What a customer does: file a complaint, write to it, have it reopened."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import ComplaintFiled
from iran import tehran_date
from sales.context import Context
from sales.dealerships.tables import Dealership
from sales.limits import FILED_A_DAY, spend
from sales.orders.numbers import NumberKind, new_number
from sales.prose import Line, Prose
from sales.voice import queries
from sales.voice.domain import (
    Author,
    ComplaintState,
    ReopenedOnce,
    Section,
    TooLateToReopen,
    TooManyComplaints,
    UnknownTopic,
)
from sales.voice.moving import move, wind
from sales.voice.tables import SUBJECT, TEXT, Complaint, ComplaintMessage

log = get_logger(__name__)


class ComplaintForm(BaseModel):
    """``topic`` is one of the section's; ``order_id`` is an order of the writer's own."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    section: Section
    topic: str
    subject: Line
    text: Prose
    order_id: UUID | None = None
    dealership_id: UUID | None = None


async def file(session: AsyncSession, context: Context, form: ComplaintForm, customer_id: UUID) -> Complaint:
    """Raises ``NotFound`` about somebody else's order, ``UnknownTopic``, ``TooManyComplaints``."""
    now = context.clock()
    await _check(session, form, customer_id)
    await spend(session, FILED_A_DAY, customer_id, now, refusal=TooManyComplaints)
    complaint = await _new(session, context, form, customer_id, now)
    session.add(complaint)
    add_message(session, context, complaint, "customer", customer_id, form.text)
    await outbox.record(session, ComplaintFiled(**identity(complaint), due_at=complaint.due_at))
    log.info("sales.complaint.filed", complaint_id=complaint.id, section=form.section, topic=form.topic)
    return complaint


async def _check(session: AsyncSession, form: ComplaintForm, customer_id: UUID) -> None:
    if await queries.find_topic(session, form.topic, form.section) is None:
        raise UnknownTopic
    if form.order_id and not await queries.is_owner_of_order(session, form.order_id, customer_id):
        raise NotFound
    if form.dealership_id and await session.get(Dealership, form.dealership_id) is None:
        raise NotFound


async def _new(
    session: AsyncSession, context: Context, form: ComplaintForm, customer_id: UUID, now: datetime
) -> Complaint:
    kept = await queries.rules_on(session, tehran_date(now))
    complaint = Complaint(
        id=uuid7(),
        number=new_number(NumberKind.COMPLAINT),
        customer_id=customer_id,
        order_id=form.order_id,
        dealership_id=form.dealership_id,
        section=form.section,
        topic=form.topic,
        subject=context.seal(form.subject, SUBJECT),
        state=ComplaintState.OPEN,
        version=1,
        timeline=[{"state": ComplaintState.OPEN, "at": now.isoformat()}],
        filed_at=now,
        rules_from=kept.valid_from,
        reopened=False,
    )
    wind(complaint, kept.rules, now)
    return complaint


async def write(
    session: AsyncSession, context: Context, complaint_id: UUID, customer_id: UUID, text: str
) -> ComplaintMessage:
    """The customer adds to their complaint; one that was answered is open again."""
    complaint = await queries.find_own(session, complaint_id, customer_id, lock=True)
    move(complaint, "write", context.clock())
    return add_message(session, context, complaint, "customer", customer_id, text)


async def reopen(
    session: AsyncSession, context: Context, complaint_id: UUID, customer_id: UUID, text: str
) -> Complaint:
    """Once; the clock of the law begins anew. Raises ``ReopenedOnce`` and ``TooLateToReopen``."""
    now = context.clock()
    complaint = await queries.find_own(session, complaint_id, customer_id, lock=True)
    rules = (await queries.rules_on(session, complaint.rules_from)).rules
    resolved_at = complaint.resolved_at
    move(complaint, "reopen", now)
    if complaint.reopened:
        raise ReopenedOnce
    if resolved_at is not None and rules.reopens_until(resolved_at) <= now:
        raise TooLateToReopen
    complaint.reopened, complaint.resolved_at = True, None
    wind(complaint, rules, now)
    add_message(session, context, complaint, "customer", customer_id, text)
    return complaint


def add_message(
    session: AsyncSession, context: Context, complaint: Complaint, author: Author, author_id: UUID, text: str
) -> ComplaintMessage:
    message = ComplaintMessage(
        id=uuid7(),
        complaint_id=complaint.id,
        author=author,
        author_id=author_id,
        at=context.clock(),
        text=context.seal(text, TEXT),
    )
    session.add(message)
    return message


def identity(complaint: Complaint) -> dict[str, object]:
    """What every event of a complaint says."""
    return {
        "complaint_id": complaint.id,
        "version": complaint.version,
        "customer_id": complaint.customer_id,
        "complaint_number": complaint.number,
    }
