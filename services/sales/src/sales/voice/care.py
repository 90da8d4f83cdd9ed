"""What a care agent does with a complaint."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.sales import ComplaintAnswered, ComplaintEscalated, ComplaintResolved
from iran import tehran_date
from sales.context import Context
from sales.voice import queries
from sales.voice.domain import Move, NotItsDay, Office
from sales.voice.moving import move
from sales.voice.service import add_message, identity
from sales.voice.tables import Complaint, ComplaintMessage

TO_OFFICE: dict[Office, Move] = {"province": "to_province", "board": "to_board"}


async def take(session: AsyncSession, complaint_id: UUID, agent: UUID | None) -> Complaint:
    """Gives the complaint to an agent, or back to the queue."""
    complaint = await queries.find(session, complaint_id, lock=True)
    complaint.assigned_to = agent
    return complaint


async def answer(
    session: AsyncSession, context: Context, complaint_id: UUID, agent: UUID, text: str, *, asks: bool
) -> ComplaintMessage:
    """Writes to the customer, who is told by SMS; ``asks`` waits for a reply. Who answers first takes it."""
    complaint = await queries.find(session, complaint_id, lock=True)
    move(complaint, "ask" if asks else "answer", context.clock())
    complaint.assigned_to = complaint.assigned_to or agent
    await outbox.record(session, ComplaintAnswered(**identity(complaint)))
    return add_message(session, context, complaint, "care", agent, text)


async def resolve(
    session: AsyncSession, context: Context, complaint_id: UUID, agent: UUID, text: str
) -> Complaint:
    """Ends the complaint with a last word."""
    now = context.clock()
    complaint = await queries.find(session, complaint_id, lock=True)
    move(complaint, "resolve", now)
    complaint.resolved_at = now
    add_message(session, context, complaint, "care", agent, text)
    await outbox.record(session, ComplaintResolved(**identity(complaint)))
    return complaint


async def escalate(
    session: AsyncSession, context: Context, complaint_id: UUID, office: Office, registered_on: date
) -> Complaint:
    """Notes that an office has the complaint since ``registered_on``; the board's days begin then."""
    now = context.clock()
    complaint = await queries.find(session, complaint_id, lock=True)
    _check_day(registered_on, tehran_date(complaint.filed_at), tehran_date(now))
    move(complaint, TO_OFFICE[office], now)
    complaint.resolved_at = None
    if office == "board":
        rules = (await queries.rules_on(session, complaint.rules_from)).rules
        complaint.registered_on = registered_on
        complaint.decision_due = rules.decision_due(registered_on)
    await outbox.record(session, ComplaintEscalated(**identity(complaint), office=office))
    return complaint


async def note_decision(
    session: AsyncSession, context: Context, complaint_id: UUID, agent: UUID, decided_on: date, text: str
) -> Complaint:
    """Notes what the board decided; from now on the days to carry it out are counted."""
    now = context.clock()
    complaint = await queries.find(session, complaint_id, lock=True)
    move(complaint, "decide", now)
    _check_day(decided_on, complaint.registered_on or decided_on, tehran_date(now))
    rules = (await queries.rules_on(session, complaint.rules_from)).rules
    complaint.decided_on = decided_on
    complaint.execution_due = rules.execution_due(decided_on)
    add_message(session, context, complaint, "care", agent, text)
    return complaint


def _check_day(day: date, earliest: date, latest: date) -> None:
    if not earliest <= day <= max(latest, earliest):
        raise NotItsDay(earliest=earliest.isoformat(), latest=latest.isoformat())
