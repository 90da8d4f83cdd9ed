"""The staff's routes of runs: send a file of people, start it, watch it, pause and cancel it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.errors import NotFound
from chassis.idempotency import IdempotencyKey, once
from chassis.imports import store
from chassis.imports.api import BINARY, Desk, ImportView, PartNumber, Start, TheImporter
from chassis.local_time import LocalTime
from chassis.permissions import permitted
from chassis.service import Db
from iran import normalise
from notify.context import Context, Ctx
from notify.runs import queries, service
from notify.runs.domain import RunKind, RunState
from notify.runs.listing import KIND
from notify.runs.queries import Obstacle
from notify.runs.service import FileRun
from notify.runs.tables import MessageRun, RunRules
from notify.trail import Actor

router = APIRouter(prefix="/staff/message-runs", tags=["staff: message runs"])
rules_router = APIRouter(prefix="/staff/message-run-rules", tags=["staff: message runs"])
Reader = Annotated[Principal, Depends(permitted("message_runs.read"))]
Writer = Annotated[Principal, Depends(permitted("message_runs.write"))]
Ruler = Annotated[Principal, Depends(permitted("message_runs.rules"))]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"description": "not_found"},
    409: {"description": "illegal_run_move, run_empty"},
}
DESK = Desk(KIND, "notify.message_run.file_sent")
Title = Annotated[str, Field(min_length=2, max_length=200), AfterValidator(normalise)]


class NewRun(BaseModel):
    """A file of people to tell; the text is a version of the template ``notice``, by default what it is now.

    The file has the column ``mobile`` and those that the text names: ``first_name``, ``number``.
    """

    model_config = ConfigDict(extra="forbid")

    title: Title
    template_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    file_name: Annotated[str, Field(min_length=1, max_length=200)]
    format: Literal["csv", "xlsx"]


class Figures(BaseModel):
    """``waiting`` are held back by the run, ``under_way`` about to be sent; the others are the states."""

    recipients: int
    waiting: int
    under_way: int
    sent: int
    delivered: int
    undelivered: int
    failed: int
    expired: int
    cancelled: int
    unknown: int = 0


class RunView(BaseModel):
    """``waits_for`` says why one that is running does not go on now. ``file`` is null for a draw's run."""

    run_id: UUID
    kind: RunKind
    title: str
    state: RunState
    listed: bool
    waits_for: Obstacle | None
    template: str | None
    template_version: int | None
    plan_id: UUID | None
    created_by: UUID | None
    created_at: datetime
    started_by: UUID | None
    started_at: datetime | None
    ended_at: datetime | None
    figures: Figures
    file: ImportView | None


class RunList(BaseModel):
    items: list[RunView]
    next_cursor: UUID | None


class Rules(BaseModel):
    """Nobody is disturbed from ``quiet_from`` to ``quiet_until``, on Tehran's clock; the same twice: never.

    Who began a run that tells more than ``four_eyes_above`` people has somebody else start it.
    """

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    quiet_from: LocalTime
    quiet_until: LocalTime
    four_eyes_above: Annotated[int, Field(ge=0, le=10_000_000)]


@router.post(
    "", status_code=201, summary="Begin a run for the people of a file", responses={404: PROBLEMS[404]}
)
async def begin(
    wish: NewRun, writer: Writer, db: Db, context: Ctx, client: ClientNetwork, key: IdempotencyKey = None
) -> RunView:
    actor = Actor(writer, client, context.clock())
    file_run = FileRun(wish.title, wish.template_version, wish.file_name, wish.format)
    async with db.transaction() as session:

        async def action() -> RunView:
            run = await service.begin(session, context.keyring, file_run, actor)
            return await _view(session, run, actor.at)

        return await once(session, key, f"{actor.id} begin message run", wish, RunView, action)


@router.get("", summary="The runs, newest first")
async def runs(_: Reader, db: Db, context: Ctx, cursor: UUID | None = None) -> RunList:
    async with db.transaction() as session:
        rows = await queries.page(session, cursor)
        items = [await _view(session, row, context.clock(), row.figures) for row in rows]
    return RunList(items=items, next_cursor=rows[-1].id if len(rows) == queries.PAGE else None)


@router.get("/{run_id}", summary="See how far a run is", responses={404: PROBLEMS[404]})
async def watch(run_id: UUID, _: Reader, db: Db, context: Ctx) -> RunView:
    async with db.transaction() as session:
        run = await session.get(MessageRun, run_id)
        if run is None:
            raise NotFound
        return await _view(session, run, context.clock())


@router.put(
    "/{run_id}/file/parts/{number}",
    status_code=204,
    summary="Send a part of the file, of at most a megabyte; a part may be sent again",
    openapi_extra=BINARY,
)
async def send_part(
    run_id: UUID, number: PartNumber, request: Request, _: Writer, db: Db, importer: TheImporter
) -> None:
    await DESK.send_part(run_id, number, request, db, importer)


@router.post("/{run_id}/file/start", summary="Have the file that was sent read")
async def read_file(
    run_id: UUID, command: Start, writer: Writer, db: Db, importer: TheImporter, client: ClientNetwork
) -> ImportView:
    return await DESK.start(run_id, command, writer, db, importer, client)


@router.get(
    "/{run_id}/file/errors.csv",
    summary="Download the rows that were left out, with their lines and the reasons",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def errors(run_id: UUID, _: Reader, db: Db) -> StreamingResponse:
    return await DESK.errors(run_id, db)


@router.post("/{run_id}/start", summary="Start a run; a large one is started by another", responses=PROBLEMS)
async def start(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    actor = Actor(writer, client, context.clock())
    async with db.transaction() as session:
        run = await service.start(session, context.keyring, run_id, actor)
        return await _view(session, run, actor.at)


@router.post("/{run_id}/pause", summary="Pause a run", responses=PROBLEMS)
async def pause(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    return await _moved(service.pause, run_id, writer, db, context, client)


@router.post("/{run_id}/resume", summary="Let a paused run go on", responses=PROBLEMS)
async def resume(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    return await _moved(service.resume, run_id, writer, db, context, client)


@router.post("/{run_id}/cancellation", summary="Cancel a run", responses=PROBLEMS)
async def cancel(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    """What has not been sent is not sent any more."""
    return await _moved(service.cancel, run_id, writer, db, context, client)


@rules_router.get("", summary="Quiet hours, and how many one may tell alone")
async def rules(_: Reader, db: Db) -> Rules:
    async with db.transaction() as session:
        return Rules.model_validate(await queries.rules(session))


@rules_router.put("", summary="Set the rules of runs")
async def set_rules(wish: Rules, ruler: Ruler, db: Db, context: Ctx, client: ClientNetwork) -> Rules:
    actor = Actor(ruler, client, context.clock())
    async with db.transaction() as session:
        row = await session.get_one(RunRules, True, with_for_update=True)
        for name, value in wish:
            setattr(row, name, value)
        await actor.note(session, "message_run_rules.set", wish.model_dump(mode="json"))
    return wish


Move = Callable[[AsyncSession, UUID, Actor], Awaitable[MessageRun]]


async def _moved(
    move: Move, run_id: UUID, writer: Principal, db: Database, context: Context, client: str
) -> RunView:
    actor = Actor(writer, client, context.clock())
    async with db.transaction() as session:
        return await _view(session, await move(session, run_id, actor), actor.at)


async def _view(
    session: AsyncSession, run: MessageRun, now: datetime, counted: dict[str, int] | None = None
) -> RunView:
    columns = [name for name in RunView.model_fields if name in MessageRun.__table__.columns]
    return RunView(
        run_id=run.id,
        waits_for=await queries.obstacle(session, run, now),
        figures=Figures(**(counted or await queries.figures(session, run))),
        file=await _file(session, run),
        **{name: getattr(run, name) for name in columns if name != "figures"},
    )


async def _file(session: AsyncSession, run: MessageRun) -> ImportView | None:
    """None when it was never sent, and of a draw."""
    try:
        return ImportView.of(await store.find(session, KIND, run.id))
    except NotFound:
        return None
