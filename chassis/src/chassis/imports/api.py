"""The routes of one kind of import: send a file in parts, start it, watch it, fetch its bad rows."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.idempotency import IdempotencyKey, once
from chassis.imports import store
from chassis.imports.importer import SEALED, Importer
from chassis.imports.reading import FileFormat
from chassis.imports.refusals import EmptyPart, TooManyParts, failure_of
from chassis.imports.store import Import
from chassis.permissions import permitted
from chassis.service import Db, provided

MAX_PARTS = 200
PART = "application/octet-stream"
BOM = "\ufeff"
"""Without it, spreadsheets take UTF-8 for something else."""

TheImporter = Annotated[Importer, provided(Importer)]


class NewImport(BaseModel):
    model_config = ConfigDict(extra="forbid")

    file_name: Annotated[str, Field(min_length=1, max_length=200)]
    format: FileFormat


class Start(BaseModel):
    """``parts`` is how many were sent."""

    model_config = ConfigDict(extra="forbid")

    parts: Annotated[int, Field(ge=1, le=MAX_PARTS)]


class Failure(BaseModel):
    """Why the rest of the file was not read; the rows before stay."""

    code: str
    fa: str
    en: str


class ImportView(BaseModel):
    """``rows_total`` is an estimate until the file is read to its end."""

    import_id: UUID
    file_name: str
    format: FileFormat
    state: str
    created_by: UUID
    created_at: datetime
    finished_at: datetime | None
    rows_total: int | None
    rows_read: int
    rows_good: int
    rows_bad: int
    failure: Failure | None

    @classmethod
    def of(cls, row: Import) -> "ImportView":
        failure = None
        if row.failure:
            code, sentence = failure_of(row.failure)
            failure = Failure(code=code, fa=sentence.fa, en=sentence.en)
        return cls(
            import_id=row.id,
            file_name=row.file_name,
            format=row.format,
            state=row.state,
            created_by=row.created_by,
            created_at=row.created_at,
            finished_at=row.finished_at,
            rows_total=row.rows_total,
            rows_read=row.rows_read,
            rows_good=row.rows_read - row.rows_bad,
            rows_bad=row.rows_bad,
            failure=failure,
        )


class ImportList(BaseModel):
    items: list[ImportView]
    next_cursor: UUID | None


PartNumber = Annotated[int, Path(ge=1)]


def imports_router(prefix: str, kind: str, permission: str, tag: str, action: str) -> APIRouter:
    """Below ``prefix``, for staff with ``permission``; the trail calls it ``action`` (a dotted name)."""
    router = APIRouter(prefix=prefix, tags=[tag])
    writer = Depends(permitted(permission))

    async def note(session: AsyncSession, by: Principal, client: str, import_id: UUID, at: datetime) -> None:
        entry = audit.Entry(
            action=action, actor=by.subject, roles=by.roles, client=client, details={"import_id": import_id}
        )
        await audit.record(session, entry, at=at)

    @router.post("", status_code=201, summary="Begin to send a file")
    async def begin(
        command: NewImport,
        by: Annotated[Principal, writer],
        db: Db,
        importer: TheImporter,
        key: IdempotencyKey = None,
    ) -> ImportView:
        async with db.transaction() as session:

            async def create() -> ImportView:
                row = _new(kind, command, by.subject, importer.clock())
                await store.create(session, row)
                return ImportView.of(row)

            return await once(session, key, f"{by.subject} import {kind}", command, ImportView, create)

    @router.put(
        "/{import_id}/parts/{number}",
        status_code=204,
        summary="Send a part of the file, of at most a megabyte; a part may be sent again",
        dependencies=[writer],
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {PART: {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def send_part(
        import_id: UUID, number: PartNumber, request: Request, db: Db, importer: TheImporter
    ) -> None:
        if number > MAX_PARTS:
            raise TooManyParts
        content = await request.body()
        if not content:
            raise EmptyPart
        sealed = importer.keyring.seal(content, SEALED)
        async with db.transaction() as session:
            await store.find_uploading(session, kind, import_id)
            await store.put_part(session, import_id, number, sealed)

    @router.post("/{import_id}/start", summary="Have a file that was sent taken in")
    async def start(
        import_id: UUID,
        command: Start,
        by: Annotated[Principal, writer],
        db: Db,
        importer: TheImporter,
        client: ClientNetwork,
    ) -> ImportView:
        async with db.transaction() as session:
            await store.find_uploading(session, kind, import_id)
            await store.start(session, import_id, command.parts)
            await note(session, by, client, import_id, importer.clock())
            return ImportView.of(await store.find(session, kind, import_id))

    _add_reads(router, kind, permission)
    return router


def _add_reads(router: APIRouter, kind: str, permission: str) -> None:
    reader = [Depends(permitted(permission))]

    @router.get("", summary="List the files, newest first", dependencies=reader)
    async def list_imports(db: Db, cursor: Annotated[UUID | None, Query()] = None) -> ImportList:
        async with db.transaction() as session:
            rows = await store.page(session, kind, cursor)
        following = rows[-1].id if len(rows) == store.PAGE else None
        return ImportList(items=[ImportView.of(row) for row in rows], next_cursor=following)

    @router.get("/{import_id}", summary="See how far a file is", dependencies=reader)
    async def watch(import_id: UUID, db: Db) -> ImportView:
        async with db.transaction() as session:
            return ImportView.of(await store.find(session, kind, import_id))

    @router.get(
        "/{import_id}/errors.csv",
        summary="Download the rows that were left out, with their lines and the reasons",
        dependencies=reader,
        response_class=StreamingResponse,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    async def errors(import_id: UUID, db: Db) -> StreamingResponse:
        async with db.transaction() as session:
            await store.find(session, kind, import_id)
        disposition = f'attachment; filename="errors-{import_id}.csv"'
        return StreamingResponse(
            _error_lines(db, import_id),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )


def _new(kind: str, command: NewImport, by: UUID, now: datetime) -> Import:
    return Import(
        id=uuid7(),
        kind=kind,
        file_name=command.file_name,
        format=command.format,
        state="uploading",
        created_by=by,
        created_at=now,
        finished_at=None,
        rows_total=None,
        rows_read=0,
        rows_bad=0,
        failure=None,
    )


async def _error_lines(db: Database, import_id: UUID) -> AsyncIterator[str]:
    yield BOM + _csv([("line", "field", "code", "reason", "reason_en")])
    after = (0, "")
    while True:
        async with db.transaction() as session:
            rows = await store.errors(session, import_id, after)
        if not rows:
            return
        yield _csv([tuple(row) for row in rows])
        after = (rows[-1].line, rows[-1].field)


def _csv(rows: list[tuple[object, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
