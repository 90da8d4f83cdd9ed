"""The staff's routes to a draw. Two people start it: one proposes, another confirms."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.permissions import permitted
from chassis.service import Db, provided
from sales.context import Context, Ctx
from sales.draws import api, queries, service
from sales.draws.recipe import Digest, Explanation, Recipe
from sales.draws.tables import Draw
from sales.draws.trail import Deed, note
from sales.draws.views import StaffDrawView, of_staff

router = APIRouter(tags=["staff: draws"], prefix="/staff/draws")
Reader = Annotated[Principal, Depends(permitted("draws.read"))]
Writer = Annotated[Principal, Depends(permitted("draws.write"))]
Number = Annotated[int, Path(ge=1, le=100)]


@dataclass(frozen=True)
class Notice:
    """How far ahead of a freeze the first public source must lie."""

    period: timedelta


class Reveal(BaseModel):
    """The witness' 32 bytes, in hex."""

    model_config = ConfigDict(extra="forbid")

    value: Digest


class SourceReading(BaseModel):
    """``value`` is written as the recipe's ``reading`` says; null when the alternative could not be had.

    ``evidence`` tells where anybody can look it up.
    """

    model_config = ConfigDict(extra="forbid")

    value: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None
    evidence: Explanation


class Abort(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Explanation


Change = Callable[[AsyncSession, Draw], Awaitable[object]]


@dataclass(frozen=True)
class Changer:
    """Changes a held draw on behalf of ``writer`` and notes it in the trail."""

    db: Database
    context: Context
    writer: Principal
    client: str

    async def __call__(self, plan_id: UUID, deed: Deed, change: Change, **details: Any) -> StaffDrawView:
        async with self.db.transaction() as session:
            draw = await service.locked(session, plan_id)
            await change(session, draw)
            await note(session, deed, draw, self.writer, self.client, self.context.clock(), **details)
        return await _watched(self.db, plan_id, self.context)


async def changer(writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> Changer:
    return Changer(db, context, writer, client)


Changing = Annotated[Changer, Depends(changer)]


async def _watched(db: Database, plan_id: UUID, context: Context) -> StaffDrawView:
    known = await api.known(db, plan_id, context)
    if known.is_held:
        return of_staff(known, 0)
    async with db.transaction() as session:
        return of_staff(known, await queries.count_waiting(session, plan_id))


@router.get("/{plan_id}", summary="Watch a draw")
async def watch_draw(plan_id: UUID, _: Reader, db: Db, context: Ctx) -> StaffDrawView:
    return await _watched(db, plan_id, context)


@router.post("/{plan_id}/freeze", status_code=202, summary="Close the list and commit to it")
async def freeze_draw(
    plan_id: UUID, recipe: Recipe, changing: Changing, notice: Annotated[Notice, provided(Notice)]
) -> StaffDrawView:
    by = changing.writer.subject
    return await changing(
        plan_id,
        "frozen",
        lambda session, draw: service.freeze(session, changing.context, draw, recipe, by, notice.period),
    )


@router.put("/{plan_id}/witnesses/{number}", summary="Enter what a witness revealed")
async def enter_reveal(plan_id: UUID, number: Number, command: Reveal, changing: Changing) -> StaffDrawView:
    by, now = changing.writer.subject, changing.context.clock()
    return await changing(
        plan_id,
        "value_entered",
        lambda session, draw: service.reveal(session, draw, number - 1, command.value, by, now),
        witness=number,
    )


@router.put("/{plan_id}/sources/{number}/alternatives/{alternative}", summary="Enter a public value")
async def enter_value(
    plan_id: UUID, number: Number, alternative: Number, command: SourceReading, changing: Changing
) -> StaffDrawView:
    by, now = changing.writer.subject, changing.context.clock()
    reading = command.value, command.evidence
    return await changing(
        plan_id,
        "value_entered",
        lambda session, draw: service.read(session, draw, number - 1, alternative, reading, by, now),
        source=number,
        alternative=alternative,
        value=command.value,
    )


@router.post("/{plan_id}/proposal", summary="Propose to start the draw")
async def propose_start(plan_id: UUID, changing: Changing) -> StaffDrawView:
    by, now = changing.writer.subject, changing.context.clock()
    return await changing(plan_id, "proposed", lambda session, draw: service.propose(session, draw, by, now))


@router.post("/{plan_id}/start", status_code=202, summary="Start the draw that somebody else proposed")
async def start_draw(plan_id: UUID, changing: Changing) -> StaffDrawView:
    by = changing.writer.subject
    return await changing(
        plan_id, "started", lambda session, draw: service.start(session, changing.context, draw, by)
    )


@router.post("/{plan_id}/abort", summary="Give a frozen draw up")
async def abort_draw(plan_id: UUID, command: Abort, changing: Changing) -> StaffDrawView:
    by = changing.writer.subject
    return await changing(
        plan_id,
        "aborted",
        lambda session, draw: service.abort(session, changing.context, draw, command.reason, by),
        reason=command.reason,
    )
