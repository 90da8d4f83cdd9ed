"""The staff's routes of messages: what a person was sent and what became of it; sending it again."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from notify.context import Ctx
from notify.messages import queries
from notify.messages.domain import Lane, State
from notify.messages.resending import resend
from notify.messages.tables import Message
from notify.trail import Actor

router = APIRouter(prefix="/staff/messages", tags=["staff: messages"])
Reader = Annotated[Principal, Depends(permitted("messages.read"))]
Resender = Annotated[Principal, Depends(permitted("messages.resend"))]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"description": "not_found"},
    409: {"description": "message_under_way, message_resent, wants_no_bulk"},
}


class HistoryItem(BaseModel):
    """``text`` has personal words masked. ``parts`` is how many SMS a provider accepted it as."""

    message_id: UUID
    template: str
    template_version: int
    lane: Lane
    text: str
    order_id: UUID | None
    state: State
    provider: str | None
    attempts: int
    failure: str | None
    parts: int | None
    created_at: datetime
    sent_at: datetime | None
    run_id: UUID | None
    resent_of: UUID | None

    @classmethod
    def of(cls, message: Message, text: str) -> "HistoryItem":
        columns = cls.model_fields.keys() - {"message_id", "text"}
        return cls(message_id=message.id, text=text, **{name: getattr(message, name) for name in columns})


class HistoryPage(BaseModel):
    items: list[HistoryItem]
    next_cursor: UUID | None


class Resent(BaseModel):
    message_id: UUID


class Nothing(BaseModel):
    """A request without a body."""


@router.get("", summary="What a customer was sent, newest first; the look is audited")
async def history(
    customer_id: UUID,
    reader: Reader,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HistoryPage:
    """Codes are not among them: those belong to no customer."""
    actor = Actor(reader, client, context.clock())
    async with db.transaction() as session:
        found = await queries.history(session, customer_id, before=cursor, limit=limit + 1)
        await actor.note(session, "messages.viewed", {}, subject=customer_id)
    items = [HistoryItem.of(*record) for record in found[:limit]]
    return HistoryPage(items=items, next_cursor=items[-1].message_id if len(found) > limit else None)


@router.post("/{message_id}/resend", status_code=201, summary="Send a message again", responses=PROBLEMS)
async def send_again(
    message_id: UUID,
    resender: Resender,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> Resent:
    actor = Actor(resender, client, context.clock())
    async with db.transaction() as session:

        async def action() -> Resent:
            return Resent(message_id=(await resend(session, message_id, actor)).id)

        scope = f"{actor.id} resend {message_id}"
        return await once(session, key, scope, Nothing(), Resent, action)
