"""The care agents' routes: the queue, and what is done with one complaint."""

from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.days import Day
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Context, Ctx
from sales.orders.numbers import parse_number
from sales.prose import Prose
from sales.voice import care, queries
from sales.voice.api import Words, WrittenMessage, whole
from sales.voice.domain import ComplaintState, Office, Section
from sales.voice.queries import Wanted
from sales.voice.tables import Complaint
from sales.voice.trail import Deed, note
from sales.voice.views import QueuedComplaint, StaffComplaintPage

router = APIRouter(tags=["staff: complaints"], prefix="/staff/complaints")
Reader = Annotated[Principal, Depends(permitted("complaints.read"))]
Agent = Annotated[Principal, Depends(permitted("complaints.answer"))]


class Filters(BaseModel):
    """``number`` in any digits. ``mine`` are those that the asking agent has taken."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str | None, BeforeValidator(lambda text: parse_number(str(text)) or "0")] = None
    state: ComplaintState | None = None
    section: Section | None = None
    topic: str | None = None
    mine: bool = False
    unassigned: bool = False
    overdue: bool = False
    warned: bool = False
    cursor: UUID | None = None

    def wanted_by(self, agent: UUID) -> Wanted:
        asked = self.model_dump(exclude={"mine", "cursor"})
        return Wanted(**asked, assigned_to=agent if self.mine else None)


class Queue(BaseModel):
    items: list[QueuedComplaint]
    next_cursor: UUID | None


class Answer(Words):
    """``asks`` waits for the customer's reply."""

    asks: bool = False


class Escalation(BaseModel):
    """``registered_on`` is the day on which the office had it."""

    model_config = ConfigDict(extra="forbid")

    office: Office
    registered_on: Day


class Decision(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    decided_on: Day
    text: Prose


@dataclass(frozen=True)
class Desk:
    """An agent at work; every look and every change is in the audit trail."""

    db: Database
    context: Context
    agent: Principal
    client: str

    async def page(self, session: AsyncSession, deed: Deed, complaint: Complaint) -> StaffComplaintPage:
        await session.flush()
        await note(session, deed, complaint, self.agent, self.client, self.context.clock())
        shown = await whole(session, complaint, self.context)
        return StaffComplaintPage(
            **shown.model_dump(),
            customer_id=complaint.customer_id,
            assigned_to=complaint.assigned_to,
            warned=complaint.warned,
        )

    @classmethod
    async def of_agent(cls, agent: Agent, db: Db, context: Ctx, client: ClientNetwork) -> Self:
        return cls(db, context, agent, client)

    @classmethod
    async def of_reader(cls, agent: Reader, db: Db, context: Ctx, client: ClientNetwork) -> Self:
        return cls(db, context, agent, client)


AgentsDesk = Annotated[Desk, Depends(Desk.of_agent)]
ReadersDesk = Annotated[Desk, Depends(Desk.of_reader)]


@router.get("", summary="The queue: what is due first comes first")
async def list_queue(filters: Annotated[Filters, Query()], agent: Reader, db: Db, context: Ctx) -> Queue:
    now = context.clock()
    async with db.transaction() as session:
        rows = await queries.queue(session, filters.wanted_by(agent.subject), now, filters.cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return Queue(items=[QueuedComplaint.of_row(row, now) for row in rows], next_cursor=following)


@router.get("/{complaint_id}", summary="A complaint with all that was written")
async def view(complaint_id: UUID, desk: ReadersDesk) -> StaffComplaintPage:
    async with desk.db.transaction() as session:
        return await desk.page(session, "viewed", await queries.find(session, complaint_id))


@router.put("/{complaint_id}/assignment", summary="Take a complaint")
async def take(complaint_id: UUID, desk: AgentsDesk) -> StaffComplaintPage:
    async with desk.db.transaction() as session:
        taken = await care.take(session, complaint_id, desk.agent.subject)
        return await desk.page(session, "taken", taken)


@router.delete("/{complaint_id}/assignment", summary="Give a complaint back to the queue")
async def give_back(complaint_id: UUID, desk: AgentsDesk) -> StaffComplaintPage:
    async with desk.db.transaction() as session:
        return await desk.page(session, "given_back", await care.take(session, complaint_id, None))


@router.post("/{complaint_id}/messages", status_code=201, summary="Answer, or ask the customer")
async def answer(
    complaint_id: UUID, body: Answer, desk: AgentsDesk, key: IdempotencyKey = None
) -> WrittenMessage:
    agent = desk.agent.subject
    async with desk.db.transaction() as session:

        async def write() -> WrittenMessage:
            message = await care.answer(session, desk.context, complaint_id, agent, body.text, asks=body.asks)
            complaint = await queries.find(session, complaint_id)
            await note(session, "answered", complaint, desk.agent, desk.client, message.at)
            return WrittenMessage.of(message)

        return await once(session, key, f"{agent} answer {complaint_id}", body, WrittenMessage, write)


@router.post("/{complaint_id}/resolution", summary="Close a complaint with a last word")
async def resolve(complaint_id: UUID, body: Words, desk: AgentsDesk) -> StaffComplaintPage:
    async with desk.db.transaction() as session:
        resolved = await care.resolve(session, desk.context, complaint_id, desk.agent.subject, body.text)
        return await desk.page(session, "resolved", resolved)


@router.post("/{complaint_id}/escalations", summary="Note that an office has the complaint")
async def escalate(complaint_id: UUID, body: Escalation, desk: AgentsDesk) -> StaffComplaintPage:
    async with desk.db.transaction() as session:
        escalated = await care.escalate(session, desk.context, complaint_id, body.office, body.registered_on)
        return await desk.page(session, "escalated", escalated)


@router.post("/{complaint_id}/decision", summary="Note what the dispute board decided")
async def decide(complaint_id: UUID, body: Decision, desk: AgentsDesk) -> StaffComplaintPage:
    async with desk.db.transaction() as session:
        decided = await care.note_decision(
            session, desk.context, complaint_id, desk.agent.subject, body.decided_on, body.text
        )
        return await desk.page(session, "decided", decided)
