"""Re-checking a list of customers, before a draw or after a long time."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis import audit
from chassis.audit import Entry
from chassis.auth import Principal
from chassis.database import Database
from chassis.errors import NotFound
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Context, Ctx
from identity.inquiries.domain import Kind
from identity.inquiry_runs import queries, service
from identity.inquiry_runs.domain import RunState
from identity.inquiry_runs.tables import InquiryRun

router = APIRouter(prefix="/staff/inquiries/runs", tags=["staff: inquiries"])
Reader = Annotated[Principal, Depends(permitted("inquiries.read"))]
Writer = Annotated[Principal, Depends(permitted("inquiries.write"))]
MOST_CUSTOMERS = 100_000
BODY_LIMITS = {"/api/v1/staff/inquiries/runs": 5_000_000}
"""So that a whole list fits in."""
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"description": "not_found"},
    409: {"description": "run_in_progress, illegal_run_move"},
}


class Wish(BaseModel):
    """``customer_ids`` left out means everybody; who does not exist is passed over."""

    model_config = ConfigDict(extra="forbid")

    kinds: Annotated[list[Kind], Field(min_length=1, max_length=len(Kind))] = list(Kind)
    customer_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_CUSTOMERS)] | None = None


class Started(BaseModel):
    run_id: UUID


class RunView(BaseModel):
    """Figures count inquiries: one per customer and kind. ``from_memory`` are those of ``asked`` that cost no
    call. While customers are still put in, ``listed`` is false and ``waiting`` grows.
    """

    run_id: UUID
    kinds: list[Kind]
    state: RunState
    everybody: bool
    listed: bool
    asked: int
    from_memory: int
    matched: int
    not_matched: int
    invalid: int
    waiting: int
    started_by: UUID
    started_at: datetime
    ended_at: datetime | None


class RunPage(BaseModel):
    items: list[RunView]
    next_cursor: UUID | None


@router.post("", status_code=202, summary="Re-check customers", responses={409: PROBLEMS[409]})
async def start_run(
    wish: Wish, writer: Writer, db: Db, context: Ctx, client: ClientNetwork, key: IdempotencyKey = None
) -> Started:
    async with db.transaction() as session:

        async def action() -> Started:
            now = context.clock()
            run = await service.start(session, wish.kinds, wish.customer_ids, writer.subject, now)
            await audit.record(session, _entry("started", run, writer, client), at=now)
            return Started(run_id=run.id)

        return await once(session, key, f"{writer.subject} start inquiry run", wish, Started, action)


@router.get("", summary="Runs, newest first")
async def list_runs(_: Reader, db: Db, cursor: Annotated[UUID | None, Query()] = None) -> RunPage:
    async with db.transaction() as session:
        found = await queries.page(session, cursor)
        items = [
            _view(run, await queries.progress(session, run), everybody=everybody) for run, everybody in found
        ]
    following = items[-1].run_id if len(items) == queries.PAGE else None
    return RunPage(items=items, next_cursor=following)


@router.get("/{run_id}", summary="Watch a run", responses={404: PROBLEMS[404]})
async def watch_run(run_id: UUID, _: Reader, db: Db) -> RunView:
    async with db.transaction() as session:
        run = await queries.find(session, run_id)
        if run is None:
            raise NotFound
        progress = await queries.progress(session, run)
        return _view(run, progress, everybody=run.customer_ids is None)


@router.post("/{run_id}/pause", summary="Pause a run", responses=PROBLEMS)
async def pause_run(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    return await _moved(db, context, run_id, "pause", writer, client)


@router.post("/{run_id}/resume", summary="Resume a run", responses=PROBLEMS)
async def resume_run(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    return await _moved(db, context, run_id, "resume", writer, client)


@router.post("/{run_id}/cancellation", summary="Cancel a run", responses=PROBLEMS)
async def cancel_run(run_id: UUID, writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> RunView:
    """What has not been asked is not asked any more; answers that came stay."""
    return await _moved(db, context, run_id, "cancel", writer, client)


async def _moved(
    db: Database, context: Context, run_id: UUID, move: str, writer: Principal, client: str
) -> RunView:
    now = context.clock()
    async with db.transaction() as session:
        run = await service.move(session, run_id, move, now)
        await audit.record(session, _entry(run.state, run, writer, client), at=now)
        progress = await queries.progress(session, run)
        return _view(run, progress, everybody=run.customer_ids is None)


def _entry(what: str, run: InquiryRun, writer: Principal, client: str) -> Entry:
    return Entry(
        action=f"identity.inquiry_run.{what}",
        actor=writer.subject,
        roles=writer.roles,
        client=client,
        details={"run_id": str(run.id), "kinds": run.kinds, "everybody": run.customer_ids is None},
    )


def _view(run: InquiryRun, progress: dict[str, int], *, everybody: bool) -> RunView:
    return RunView(
        run_id=run.id,
        kinds=[Kind(kind) for kind in run.kinds],
        state=RunState(run.state),
        everybody=everybody,
        listed=run.listed,
        started_by=run.started_by,
        started_at=run.started_at,
        ended_at=run.ended_at,
        **progress,
    )
