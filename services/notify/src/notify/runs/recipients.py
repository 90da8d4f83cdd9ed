"""Who is told by a run, without saying who they are.

A recipient of a file has a mark: an HMAC of the mobile under the run's own salt. It is the source of their
message, so the database refuses a second one; and without the salt, which is sealed, it says nothing.
"""

import hmac
import secrets
from hashlib import sha256
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from iran import Mobile
from notify.contacts import opt_outs
from notify.messages.domain import State
from notify.messages.tables import Message
from notify.runs.domain import LIVE, RunKind
from notify.runs.tables import SALT, MessageRun

SALT_BYTES = 32


def new_salt(keyring: Keyring) -> bytes:
    """Sealed."""
    return keyring.seal(secrets.token_bytes(SALT_BYTES), SALT)


def salt_of(run: MessageRun, keyring: Keyring) -> bytes:
    return keyring.open(run.salt or b"", SALT)


def mark_of(salt: bytes, mobile: Mobile) -> UUID:
    """Of a recipient of a file."""
    return UUID(bytes=hmac.new(salt, mobile.encode(), sha256).digest()[:16])


def entrant_mark(plan_id: UUID, order_id: UUID) -> UUID:
    """Of who entered a draw: the same however often they are listed."""
    return uuid5(plan_id, str(order_id))


async def withdraw_opted_out(session: AsyncSession, keyring: Keyring, run: MessageRun) -> int:
    """Cancels what the run of a file still holds for people who opted out since it began; how many."""
    sealed = await opt_outs.mobiles(session, since=run.created_at)
    salt = salt_of(run, keyring)
    return await _cancel(session, run, {mark_of(salt, mobile) for mobile in opt_outs.opened(keyring, sealed)})


async def withdraw(session: AsyncSession, keyring: Keyring, mobile: Mobile) -> None:
    """Cancels what the runs of files that are under way still have for a person."""
    live = select(MessageRun).where(MessageRun.kind == RunKind.FILE, MessageRun.state.in_(LIVE))
    for run in await session.scalars(live):
        await _cancel(session, run, {mark_of(salt_of(run, keyring), mobile)})


async def _cancel(session: AsyncSession, run: MessageRun, marks: set[UUID]) -> int:
    waiting = update(Message).where(
        Message.run_id == run.id, Message.source_id.in_(marks), Message.state == State.QUEUED
    )
    cancelled = waiting.values(state=State.CANCELLED, next_attempt_at=None).returning(Message.id)
    return len((await session.scalars(cancelled)).all())
