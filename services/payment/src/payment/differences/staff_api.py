"""Finance minds the differences: one of the staff takes each, and closes it with a note."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import StreamingResponse

from chassis import audit, exports
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.days import Day
from chassis.exports import MEDIA_TYPES, FileFormat
from chassis.permissions import permitted
from chassis.service import Db
from payment.differences import queries, service
from payment.differences.domain import WORDS, Reason, Source
from payment.differences.queries import Chosen
from payment.differences.tables import NOTE, Difference
from payment.refunds.staff_api import Desk

router = APIRouter(tags=["staff: differences"], prefix="/staff/differences")
Reader = Annotated[Principal, Depends(permitted("differences.read"))]
Minder = Annotated[Principal, Depends(permitted("differences.mind"))]
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}
    }
}


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: Source | None = None
    reason: Reason | None = None
    institution: Annotated[str | None, Field(max_length=40)] = None
    day: Day | None = None
    state: Literal["open", "closed"] | None = None
    owner: UUID | None = None

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.source, self.reason, self.institution, self.day, self.state, self.owner)


class PageChoice(Choice):
    cursor: UUID | None = None


class ExportChoice(Choice):
    format: FileFormat = FileFormat.CSV


class Taking(BaseModel):
    """``over``: also from a colleague who minds it."""

    model_config = ConfigDict(extra="forbid")

    over: bool = False


class Closing(BaseModel):
    """What came of it."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]


class DifferenceView(BaseModel):
    """``theirs`` (Rial) is the bank's or provider's word, ``ours`` what we have of it."""

    id: UUID
    source: Source
    institution: str
    day: date
    reason: Reason
    words_fa: str
    words_en: str
    reference: str | None
    payment_id: UUID | None
    bill_id: UUID | None
    theirs: int | None
    ours: int | None
    found_at: datetime
    owner: UUID | None
    taken_at: datetime | None
    closed_at: datetime | None
    note: str | None

    @classmethod
    def of(cls, row: Difference, keyring: Keyring) -> "DifferenceView":
        words = WORDS[row.reason]
        known = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        note = keyring.open(row.note, NOTE).decode() if row.note is not None else None
        return cls(**(known | {"words_fa": words.fa, "words_en": words.en, "note": note}))


class Differences(BaseModel):
    items: list[DifferenceView]
    next_cursor: UUID | None


@router.get("", summary="Differences, the oldest first")
async def list_differences(
    _: Reader, db: Db, desk: Desk, choice: Annotated[PageChoice, Query()]
) -> Differences:
    async with db.transaction() as session:
        rows = await queries.page(session, choice.chosen, choice.cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return Differences(items=[DifferenceView.of(row, desk.keyring) for row in rows], next_cursor=following)


@router.get("/export", summary="Differences as a file", response_class=StreamingResponse, responses=FILES)
async def export(
    reader: Reader, db: Db, desk: Desk, client: ClientNetwork, choice: Annotated[ExportChoice, Query()]
) -> StreamingResponse:
    details = {name: str(value) for name, value in asdict(choice.chosen).items() if value is not None}
    async with db.transaction() as session:
        await _note(session, "exported", reader, client, desk.clock, details)
    rows = queries.exported(db, choice.chosen)
    return await exports.as_file("differences", choice.format, queries.TITLES, rows)


@router.post("/{difference_id}/taking", summary="Mind a difference")
async def take(
    difference_id: UUID, command: Taking, by: Minder, db: Db, desk: Desk, client: ClientNetwork
) -> DifferenceView:
    async with db.transaction() as session:
        row = await service.locked(session, difference_id)
        row.take(by.subject, desk.clock(), over=command.over)
        await _note(session, "taken", by, client, desk.clock, {"difference_id": row.id})
        return DifferenceView.of(row, desk.keyring)


@router.post("/{difference_id}/closing", summary="Close a difference that one minds, with a note")
async def close(
    difference_id: UUID, command: Closing, by: Minder, db: Db, desk: Desk, client: ClientNetwork
) -> DifferenceView:
    async with db.transaction() as session:
        row = await service.locked(session, difference_id)
        row.close(by.subject, desk.clock(), desk.keyring.seal(command.note.encode(), NOTE))
        await _note(session, "closed", by, client, desk.clock, {"difference_id": row.id})
        return DifferenceView.of(row, desk.keyring)


async def _note(
    session: AsyncSession, deed: str, by: Principal, client: str, clock: Clock, details: dict[str, Any]
) -> None:
    entry = audit.Entry(
        action=f"payment.differences.{deed}",
        actor=by.subject,
        roles=by.roles,
        client=client,
        details=details,
    )
    await audit.record(session, entry, at=clock())
