"""Where a provider that tells by itself how far its messages have come, tells it.

Nothing proves who calls, so what is said here is a hint: the message is asked for at once instead of later.
The answer is the same whether we know the message or not.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.forms import posted_form
from chassis.service import Db
from notify.context import Ctx
from notify.messages.tables import Message
from notify.providers.capabilities import CAPABILITIES

router = APIRouter(prefix="/sms-deliveries", tags=["messages"])
MOST_DIGITS = 20


@router.get("/{provider}", status_code=204, summary="A provider says that a message has come further")
async def told(
    provider: str, db: Db, context: Ctx, messageid: Annotated[str, Query(max_length=100)] = ""
) -> None:
    await _hint(db, provider, messageid, context.clock())


@router.post(
    "/{provider}",
    status_code=204,
    summary="The same, as a form",
    responses={413: {"description": "body_too_large"}},
)
async def told_by_form(provider: str, request: Request, db: Db, context: Ctx) -> None:
    form = await posted_form(request)
    await _hint(db, provider, form.get("messageid", ""), context.clock())


async def _hint(db: Db, provider: str, message_id: str, now: datetime) -> None:
    if provider not in CAPABILITIES or not CAPABILITIES[provider].webhook:
        raise NotFound
    if not (message_id.isascii() and message_id.isdecimal() and len(message_id) <= MOST_DIGITS):
        return
    async with db.transaction() as session:
        await _ask_now(session, provider, message_id, now)


async def _ask_now(session: AsyncSession, provider: str, message_id: str, now: datetime) -> None:
    meant = (Message.provider == provider, Message.provider_message_id == message_id)
    await session.execute(
        update(Message).where(*meant, Message.next_status_at > now).values(next_status_at=now)
    )
