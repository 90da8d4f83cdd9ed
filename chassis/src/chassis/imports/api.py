"""The routes of one kind of import: send a file in parts, start it, watch it, fetch its bad rows."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from uuid_utils.compat import uuid7

from chassis import audit
from chassis.auth import CurrentUser
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.idempotency import IdempotencyKey, once
from chassis.imports import store
from chassis.imports.importer import SEALED, Importer
from chassis.imports.reading import MAX_COLUMNS, FileFormat, FixedColumn
from chassis.imports.refusals import EmptyPart, TooManyParts, failure_of
from chassis.imports.store import Import
from chassis.permissions import permitted
from chassis.service import Db, provided
from chassis.validation import problem_of_model

MAX_PARTS = 200
PART = "application/octet-stream"
BOM = "\ufeff"
"""Without it, spreadsheets take UTF-8 for something else."""

TheImporter = Annotated[Importer, provided(Importer)]


class NewImport(BaseModel):
    """``options`` are what the kind of file wants to know of it as a whole; ``layout`` are the columns of a
    file of fixed width."""

    model_config = ConfigDict(extra="forbid")

    file_name: Annotated[str, Field(min_length=1, max_length=200)]
    format: FileFormat
    options: dict[str, Any] = Field(default_factory=dict)
    layout: Annotated[list[FixedColumn], Field(max_length=MAX_COLUMNS)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _layout_of_fixed_width(self) -> Self:
        if (self.format == "fixed") is not bool(self.layout):
            words = {
                "fa": "جای ستون‌ها برای پرونده‌ی با عرض ثابت و تنها برای آن لازم است.",
                "en": "A file of fixed width, and no other, says where its columns are.",
            }
            raise PydanticCustomError("layout", "{en}", words)
        return self


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
    options: dict[str, Any]
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
            options=row.options,
            failure=failure,
        )


class ImportList(BaseModel):
    items: list[ImportView]
    next_cursor: UUID | None


PartNumber = Annotated[int, Path(ge=1)]
BINARY = {
    "requestBody": {
        "required": True,
        "content": {PART: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@dataclass(frozen=True)
class Desk:
    """Where staff hand in files of one kind; the audit trail calls it ``action`` (a dotted name)."""

    kind: str
    action: str

    async def begin(
        self, command: NewImport, by: CurrentUser, db: Db, importer: TheImporter, key: IdempotencyKey = None
    ) -> ImportView:
        options = _checked(importer.kinds[self.kind].options, command.options)
        async with db.transaction() as session:

            async def create() -> ImportView:
                row = _new(self.kind, command, options, by.subject, importer.clock())
                await store.create(session, row)
                return ImportView.of(row)

            scope = f"{by.subject} import {self.kind}"
            return await once(session, key, scope, command, ImportView, create)

    async def send_part(
        self, import_id: UUID, number: PartNumber, request: Request, db: Db, importer: TheImporter
    ) -> None:
        if number > MAX_PARTS:
            raise TooManyParts
        content = await request.body()
        if not content:
            raise EmptyPart
        sealed = importer.keyring.seal(content, SEALED)
        async with db.transaction() as session:
            await store.find_uploading(session, self.kind, import_id)
            await store.put_part(session, import_id, number, sealed)

    async def start(
        self,
        import_id: UUID,
        command: Start,
        by: CurrentUser,
        db: Db,
        importer: TheImporter,
        client: ClientNetwork,
    ) -> ImportView:
        async with db.transaction() as session:
            await store.find_uploading(session, self.kind, import_id)
            await store.start(session, import_id, command.parts)
            entry = audit.Entry(
                action=self.action,
                actor=by.subject,
                roles=by.roles,
                client=client,
                details={"import_id": import_id},
            )
            await audit.record(session, entry, at=importer.clock())
            return ImportView.of(await store.find(session, self.kind, import_id))

    async def list_files(self, db: Db, cursor: Annotated[UUID | None, Query()] = None) -> ImportList:
        async with db.transaction() as session:
            rows = await store.page(session, self.kind, cursor)
        following = rows[-1].id if len(rows) == store.PAGE else None
        return ImportList(items=[ImportView.of(row) for row in rows], next_cursor=following)

    async def watch(self, import_id: UUID, db: Db) -> ImportView:
        async with db.transaction() as session:
            return ImportView.of(await store.find(session, self.kind, import_id))

    async def errors(self, import_id: UUID, db: Db) -> StreamingResponse:
        async with db.transaction() as session:
            await store.find(session, self.kind, import_id)
        disposition = f'attachment; filename="errors-{import_id}.csv"'
        return StreamingResponse(
            _error_lines(db, import_id),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )


def imports_router(prefix: str, kind: str, permission: str, tag: str, action: str) -> APIRouter:
    """The desk's routes below ``prefix``, for staff with ``permission``."""
    desk = Desk(kind, action)
    router = APIRouter(prefix=prefix, tags=[tag], dependencies=[Depends(permitted(permission))])
    router.post("", status_code=201, summary="Begin to send a file")(desk.begin)
    router.put(
        "/{import_id}/parts/{number}",
        status_code=204,
        summary="Send a part of the file, of at most a megabyte; a part may be sent again",
        openapi_extra=BINARY,
    )(desk.send_part)
    router.post("/{import_id}/start", summary="Have a file that was sent taken in")(desk.start)
    router.get("", summary="List the files, newest first")(desk.list_files)
    router.get("/{import_id}", summary="See how far a file is")(desk.watch)
    router.get(
        "/{import_id}/errors.csv",
        summary="Download the rows that were left out, with their lines and the reasons",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )(desk.errors)
    return router


def _checked(model: type[BaseModel], options: dict[str, Any]) -> dict[str, Any]:
    """The options as they are kept; raises what the framework would answer."""
    try:
        return model.model_validate(options).model_dump(mode="json")
    except ValidationError as error:
        raise problem_of_model(error) from None


def _new(kind: str, command: NewImport, options: dict[str, Any], by: UUID, now: datetime) -> Import:
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
        options=options,
        layout=[column.model_dump() for column in command.layout],
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
