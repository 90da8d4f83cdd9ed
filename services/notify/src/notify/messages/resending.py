"""Sending a message again that did not help its receiver."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from notify.contacts import opt_outs
from notify.messages.domain import Lane, State
from notify.messages.tables import Message
from notify.trail import Actor

FOR = timedelta(days=3)
ARRIVES_WITHIN = timedelta(minutes=5)
"""A message that a provider has is not sent again before."""
REPEATED = (
    "lane",
    "template",
    "template_version",
    "customer_id",
    "order_id",
    "params",
    "sealed_params",
    "run_id",
)
log = get_logger(__name__)


class MessageUnderWay(Problem):
    status = 409
    code = "message_under_way"
    fa = "این پیام هنوز در راه است؛ کمی بعد دوباره نگاه کنید."
    en = "The message is still on its way; look again in a while."


class MessageResent(Problem):
    status = 409
    code = "message_resent"
    fa = "این پیام دوباره فرستاده شده است."
    en = "The message has been sent again already."


class WantsNoBulk(Problem):
    status = 409
    code = "wants_no_bulk"
    fa = "این شخص پیامک انبوه نمی‌خواهد."
    en = "This person wants no texts in bulk."


async def resend(session: AsyncSession, message_id: UUID, by: Actor) -> Message:
    """A new message with the same words; a message is repeated once, its repetition may be again.

    Raises ``NotFound``, for a code too: its owner asks for another one.
    """
    message = await session.get(Message, message_id, with_for_update=True)
    if message is None or message.customer_id is None or message.lane is Lane.CODE:
        raise NotFound
    await _check(session, message, by)
    again = Message(
        id=uuid7(),
        source_id=uuid5(message.id, "resent"),
        state=State.QUEUED,
        created_at=by.at,
        expires_at=by.at + FOR,
        attempts=0,
        next_attempt_at=by.at,
        resent_of=message.id,
        **_repeated(message),
    )
    session.add(again)
    details = {"message_id": message.id, "template": message.template}
    await by.note(session, "message.resent", details, subject=message.customer_id)
    log.info("notify.message.resent", message_id=str(again.id), resent_of=str(message.id))
    return again


async def _check(session: AsyncSession, message: Message, by: Actor) -> None:
    waits = message.state in (State.QUEUED, State.SENDING)
    if waits or (message.state is State.SENT and by.at < (message.sent_at or by.at) + ARRIVES_WITHIN):
        raise MessageUnderWay
    if await session.scalar(select(Message.id).where(Message.source_id == uuid5(message.id, "resent"))):
        raise MessageResent
    assert message.customer_id is not None
    if message.lane is Lane.BULK and await opt_outs.is_out(session, message.customer_id):
        raise WantsNoBulk


def _repeated(message: Message) -> Mapping[str, Any]:
    return {name: getattr(message, name) for name in REPEATED}
