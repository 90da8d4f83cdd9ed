"""Beginning runs of files; starting, pausing, resuming and cancelling runs."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.crypto import Keyring
from chassis.errors import NotFound
from chassis.four_eyes import decide_by_another
from chassis.imports import store
from chassis.imports.store import Import
from chassis.logging import get_logger
from notify.messages.domain import State
from notify.messages.tables import HELD, Message
from notify.runs import queries
from notify.runs.domain import RunEmpty, RunKind, RunState, moved
from notify.runs.listing import KIND
from notify.runs.recipients import new_salt, withdraw_opted_out
from notify.runs.tables import MessageRun
from notify.templates import service as templates
from notify.trail import Actor

TEMPLATE = "notice"
"""What the text of a file's run is a version of."""
log = get_logger(__name__)


@dataclass(frozen=True)
class FileRun:
    """``version`` None: the version of the text that speaks now."""

    title: str
    version: int | None
    file_name: str
    format: Literal["csv", "xlsx"]


async def begin(session: AsyncSession, keyring: Keyring, wish: FileRun, by: Actor) -> MessageRun:
    """A run whose file is still to be sent; raises ``NotFound`` for a version that is not there."""
    template = (
        await templates.active(session, TEMPLATE)
        if wish.version is None
        else await templates.find(session, TEMPLATE, wish.version)
    )
    run = MessageRun(
        id=uuid7(),
        kind=RunKind.FILE,
        title=wish.title,
        state=RunState.READING,
        listed=False,
        template=template.name,
        template_version=template.version,
        salt=new_salt(keyring),
        pages=0,
        created_by=by.id,
        created_at=by.at,
    )
    session.add(run)
    await session.flush()
    await store.create(session, _import_of(run, wish, by))
    await _note(session, by, run, "begun", {"template_version": template.version})
    return run


def _import_of(run: MessageRun, wish: FileRun, by: Actor) -> Import:
    return Import(
        id=run.id,
        kind=KIND,
        file_name=wish.file_name,
        format=wish.format,
        state="uploading",
        created_by=by.id,
        created_at=by.at,
        finished_at=None,
        rows_total=None,
        rows_read=0,
        rows_bad=0,
        failure=None,
    )


async def start(session: AsyncSession, keyring: Keyring, run_id: UUID, by: Actor) -> MessageRun:
    """Raises ``SamePerson`` for who began it when it tells more people than one may tell alone."""
    run = await _held(session, run_id)
    state = moved(run.state, "start")
    withdrawn = await withdraw_opted_out(session, keyring, run)
    waiting = select(func.count()).where(Message.run_id == run.id, HELD)
    recipients = await session.scalar(waiting) or 0
    if not recipients:
        raise RunEmpty
    if recipients > (await queries.rules(session)).four_eyes_above:
        decide_by_another(by.id, run.created_by)
    run.state, run.started_by, run.started_at = state, by.id, by.at
    await _note(session, by, run, "started", {"recipients": recipients, "withdrawn": withdrawn})
    return run


async def pause(session: AsyncSession, run_id: UUID, by: Actor) -> MessageRun:
    """What no sender has in hand is held back."""
    run = await _held(session, run_id)
    run.state = moved(run.state, "pause")
    await session.execute(_queued(run).values(next_attempt_at=None))
    await _note(session, by, run, "paused", {})
    return run


async def resume(session: AsyncSession, run_id: UUID, by: Actor) -> MessageRun:
    run = await _held(session, run_id)
    run.state = moved(run.state, "resume")
    await _note(session, by, run, "resumed", {})
    return run


async def cancel(session: AsyncSession, run_id: UUID, by: Actor) -> MessageRun:
    """What no sender has in hand is not sent any more; it cannot be undone."""
    run = await _held(session, run_id)
    run.state, run.ended_at = moved(run.state, "cancel"), by.at
    await session.execute(_queued(run).values(state=State.CANCELLED, next_attempt_at=None))
    run.figures = await queries.figures(session, run)
    await _note(session, by, run, "cancelled", {"cancelled": run.figures[State.CANCELLED]})
    return run


def _queued(run: MessageRun) -> Update:
    queued = update(Message).where(Message.run_id == run.id, Message.state == State.QUEUED)
    return queued.execution_options(synchronize_session=False)


async def _held(session: AsyncSession, run_id: UUID) -> MessageRun:
    """Until the transaction ends; raises ``NotFound``."""
    run = await session.get(MessageRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound
    return run


async def _note(
    session: AsyncSession, by: Actor, run: MessageRun, deed: str, details: dict[str, Any]
) -> None:
    await by.note(session, f"message_run.{deed}", {"run_id": run.id, "kind": run.kind, **details})
    log.info(f"notify.run.{deed}", run_id=str(run.id), by=str(by.id))
