"""The messages a person was sent."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from chassis.auth import CurrentUser
from chassis.crypto import Keyring
from chassis.service import Db, provided
from notify.messages import queries
from notify.messages.domain import State

router = APIRouter(prefix="/messages", tags=["messages"])


class MessageItem(BaseModel):
    """``at`` is when it was sent, or written while it still waits."""

    model_config = ConfigDict(from_attributes=True)

    message_id: UUID
    template: str
    text: str
    order_id: UUID | None
    state: State
    at: datetime


class MessagePage(BaseModel):
    """``next_cursor`` asks for the older ones; null when there are none."""

    items: list[MessageItem]
    next_cursor: UUID | None


@router.get("", summary="The messages I was sent, newest first")
async def messages(
    user: CurrentUser,
    db: Db,
    keyring: Annotated[Keyring, provided(Keyring)],
    order_id: UUID | None = None,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> MessagePage:
    async with db.transaction() as session:
        found = await queries.told(
            session, keyring, user.subject, order_id=order_id, before=cursor, limit=limit + 1
        )
    items = [MessageItem.model_validate(message) for message in found[:limit]]
    return MessagePage(items=items, next_cursor=items[-1].message_id if len(found) > limit else None)
