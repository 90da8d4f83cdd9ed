"""The customer's routes to their complaints."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser
from chassis.idempotency import IdempotencyKey, once
from chassis.service import Db
from sales.context import Context, Ctx
from sales.prose import Prose
from sales.voice import queries, service
from sales.voice.domain import ComplaintState, Section
from sales.voice.service import ComplaintForm
from sales.voice.tables import Complaint, ComplaintMessage, ComplaintTopic
from sales.voice.views import ComplaintPage, ComplaintSummary, MessageView

router = APIRouter(tags=["voice of the customer"], prefix="/complaints")
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"description": "no such complaint, or somebody else's"},
    409: {"description": "illegal_complaint_move"},
}


class TopicView(BaseModel):
    """``to_province`` is what the provincial office of the ministry decides in the first place."""

    code: str
    title: str
    sections: list[Section]
    to_province: bool

    @classmethod
    def of(cls, topic: ComplaintTopic) -> "TopicView":
        return cls.model_validate(topic, from_attributes=True)


class TopicList(BaseModel):
    items: list[TopicView]


class ComplaintList(BaseModel):
    items: list[ComplaintSummary]
    next_cursor: UUID | None


class FiledComplaint(BaseModel):
    """The receipt; what was written is not repeated, since the answer is kept for who asks again."""

    complaint_id: UUID
    number: str
    state: ComplaintState
    filed_at: datetime
    due_at: datetime

    @classmethod
    def of(cls, complaint: Complaint) -> "FiledComplaint":
        known = {name: getattr(complaint, name) for name in cls.model_fields if name != "complaint_id"}
        return cls(complaint_id=complaint.id, **known)


class WrittenMessage(BaseModel):
    message_id: UUID
    at: datetime

    @classmethod
    def of(cls, message: ComplaintMessage) -> "WrittenMessage":
        return cls(message_id=message.id, at=message.at)


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: Prose


class MessageList(BaseModel):
    items: list[MessageView]


@router.get("/topics", summary="What a complaint may be about")
async def list_topics(_: CurrentUser, db: Db) -> TopicList:
    async with db.transaction() as session:
        return TopicList(items=[TopicView.of(topic) for topic in await queries.topics(session)])


@router.post(
    "",
    status_code=201,
    summary="File a complaint",
    responses={404: {"description": "not your order"}, 422: {"description": "unknown_topic"}},
)
async def file_complaint(
    form: ComplaintForm, writer: CurrentUser, db: Db, context: Ctx, key: IdempotencyKey = None
) -> FiledComplaint:
    async with db.transaction() as session:

        async def file() -> FiledComplaint:
            return FiledComplaint.of(await service.file(session, context, form, writer.subject))

        return await once(session, key, f"{writer.subject} complain", form, FiledComplaint, file)


@router.get("", summary="List my complaints, newest first")
async def list_complaints(
    writer: CurrentUser, db: Db, context: Ctx, cursor: Annotated[UUID | None, Query()] = None
) -> ComplaintList:
    async with db.transaction() as session:
        page = await queries.of_customer(session, writer.subject, cursor)
    following = page[-1].id if len(page) == queries.PAGE else None
    items = [ComplaintSummary.of(complaint, context) for complaint in page]
    return ComplaintList(items=items, next_cursor=following)


@router.get("/{complaint_id}", summary="Open one of my complaints", responses=PROBLEMS)
async def open_complaint(complaint_id: UUID, writer: CurrentUser, db: Db, context: Ctx) -> ComplaintPage:
    async with db.transaction() as session:
        complaint = await queries.find_own(session, complaint_id, writer.subject)
        return await whole(session, complaint, context)


@router.get("/{complaint_id}/messages", summary="What was written, oldest first", responses=PROBLEMS)
async def list_messages(complaint_id: UUID, writer: CurrentUser, db: Db, context: Ctx) -> MessageList:
    async with db.transaction() as session:
        complaint = await queries.find_own(session, complaint_id, writer.subject)
        found = await queries.messages(session, complaint.id)
    return MessageList(items=[MessageView.of(message, context) for message in found])


@router.post("/{complaint_id}/messages", status_code=201, summary="Write to my complaint", responses=PROBLEMS)
async def write(
    complaint_id: UUID, words: Words, writer: CurrentUser, db: Db, context: Ctx, key: IdempotencyKey = None
) -> WrittenMessage:
    async with db.transaction() as session:

        async def add() -> WrittenMessage:
            message = await service.write(session, context, complaint_id, writer.subject, words.text)
            return WrittenMessage.of(message)

        return await once(session, key, f"{writer.subject} write {complaint_id}", words, WrittenMessage, add)


@router.post("/{complaint_id}/reopening", summary="Reopen a resolved complaint, once", responses=PROBLEMS)
async def reopen(
    complaint_id: UUID, words: Words, writer: CurrentUser, db: Db, context: Ctx
) -> ComplaintPage:
    async with db.transaction() as session:
        complaint = await service.reopen(session, context, complaint_id, writer.subject, words.text)
        await session.flush()
        return await whole(session, complaint, context)


async def whole(session: AsyncSession, complaint: Complaint, context: Context) -> ComplaintPage:
    """With its messages and attachments."""
    messages = await queries.messages(session, complaint.id)
    attachments = await queries.attachments(session, complaint.id)
    return ComplaintPage.with_all(complaint, messages, attachments, context)
