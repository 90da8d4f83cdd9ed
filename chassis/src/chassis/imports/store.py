"""The rows of imports, of their parts and of what was wrong with them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import UtcDateTime
from chassis.errors import NotFound
from chassis.imports.kind import BadRow
from chassis.imports.refusals import MissingParts, NotUploading

PAGE = 50
ERRORS_PAGE = 5000
ABANDONED = timedelta(days=1)
"""An upload that nobody finished is forgotten after this long."""

_META = MetaData()
IMPORTS = Table(
    "imports",
    _META,
    Column("id", Uuid, primary_key=True),
    *(Column(name, Text) for name in ("kind", "file_name", "format", "state", "failure")),
    *(Column(name, Integer) for name in ("rows_total", "rows_read", "rows_bad", "failures")),
    *(Column(name, UtcDateTime) for name in ("created_at", "finished_at")),
    *(Column(name, JSONB) for name in ("options", "layout")),
    *(Column(name, Uuid) for name in ("created_by", "lease_token")),
    Column("leased_until", DateTime(timezone=True)),
)
PARTS = Table(
    "import_parts",
    _META,
    Column("import_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary),
)
ERRORS = Table(
    "import_errors",
    _META,
    Column("import_id", Uuid, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
    *(Column(name, Text) for name in ("code", "fa", "en")),
)
_of = IMPORTS.c


@dataclass(frozen=True, slots=True)
class Import:
    """How far a file is; ``rows_total`` is only an estimate until all is read.

    ``options`` and ``layout`` are JSON of what was said of the file as a whole, and of its fixed columns.
    """

    id: UUID
    kind: str
    file_name: str
    format: Any
    state: str
    created_by: UUID
    created_at: datetime
    finished_at: datetime | None
    rows_total: int | None
    rows_read: int
    rows_bad: int
    failure: str | None
    options: dict[str, Any] = field(default_factory=dict)
    layout: list[dict[str, Any]] = field(default_factory=list)


_FIELDS = [_of[name] for name in Import.__dataclass_fields__]


async def create(session: AsyncSession, new: Import) -> None:
    await session.execute(insert(IMPORTS).values(**asdict(new)))


async def find(session: AsyncSession, kind: str, import_id: UUID) -> Import:
    """Raises ``NotFound``."""
    return await _one(session, select(*_FIELDS).where(_of.id == import_id, _of.kind == kind))


async def find_uploading(session: AsyncSession, kind: str, import_id: UUID) -> Import:
    """Locked; raises ``NotFound`` or ``NotUploading``."""
    query = select(*_FIELDS).where(_of.id == import_id, _of.kind == kind).with_for_update()
    found = await _one(session, query)
    if found.state != "uploading":
        raise NotUploading
    return found


async def _one(session: AsyncSession, query: Select[Any]) -> Import:
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    return Import(*row)


async def page(session: AsyncSession, kind: str, before: UUID | None) -> list[Import]:
    """Newest first."""
    query = select(*_FIELDS).where(_of.kind == kind).order_by(_of.id.desc()).limit(PAGE)
    rows = await session.execute(query.where(_of.id < before) if before else query)
    return [Import(*row) for row in rows]


async def ended(session: AsyncSession, kind: str, ids: Sequence[UUID]) -> dict[UUID, Import]:
    """Those of the files that were taken in, to their end or to where they could not be read."""
    query = select(*_FIELDS).where(_of.kind == kind, _of.id.in_(ids), _of.state.in_(("done", "failed")))
    return {row.id: Import(*row) for row in await session.execute(query)}


async def put_part(session: AsyncSession, import_id: UUID, number: int, content: bytes) -> None:
    """A part that is sent again replaces what it was."""
    row = {"import_id": import_id, "number": number, "content": content}
    await session.execute(
        upsert(PARTS)
        .values(row)
        .on_conflict_do_update(index_elements=["import_id", "number"], set_={"content": content})
    )


async def start(session: AsyncSession, import_id: UUID, parts: int) -> None:
    """Hands the file over to the workers; raises ``MissingParts`` unless it has parts 1 to ``parts``."""
    counted = select(func.count(), func.min(PARTS.c.number), func.max(PARTS.c.number)).where(
        PARTS.c.import_id == import_id
    )
    if tuple((await session.execute(counted)).one()) != (parts, 1, parts):
        raise MissingParts
    await session.execute(update(IMPORTS).where(_of.id == import_id).values(state="running"))


async def claim(session: AsyncSession, kinds: Sequence[str], token: UUID, lease: timedelta) -> Import | None:
    """Leases the oldest file that waits, or goes on with the one that ``token`` holds."""
    free = or_(_of.leased_until.is_(None), _of.leased_until < func.now(), _of.lease_token == token)
    waiting = (
        select(_of.id)
        .where(_of.state == "running", _of.kind.in_(kinds), free)
        .order_by(_of.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    leased = {"lease_token": token, "leased_until": func.now() + lease}
    query = update(IMPORTS).where(_of.id == waiting.scalar_subquery()).values(leased).returning(*_FIELDS)
    row = (await session.execute(query)).first()
    return Import(*row) if row is not None else None


async def parts(session: AsyncSession, import_id: UUID) -> AsyncIterator[bytes]:
    """The sealed parts in their order, one in memory at a time."""
    query = select(PARTS.c.content).where(PARTS.c.import_id == import_id).order_by(PARTS.c.number)
    number = 0
    while (content := await session.scalar(query.offset(number).limit(1))) is not None:
        yield bytes(content)
        number += 1


async def advance(
    session: AsyncSession, progress: Import, token: UUID, rows: int, total: int, lease: timedelta
) -> bool:
    """Notes ``rows`` more; False when somebody else has the lease or was faster."""
    held = (_of.id == progress.id, _of.lease_token == token, _of.rows_read == progress.rows_read)
    read = progress.rows_read + rows
    values = {"rows_read": read, "rows_total": max(total, read), "leased_until": func.now() + lease}
    noted = await session.execute(
        update(IMPORTS).where(*held, _of.state == "running").values(values).returning(_of.id)
    )
    return noted.first() is not None


async def note_bad(session: AsyncSession, import_id: UUID, bad: Sequence[BadRow]) -> None:
    if not bad:
        return
    rows = [
        {"import_id": import_id, "line": one.line, "field": one.field, "code": one.code}
        | {"fa": one.reason.fa, "en": one.reason.en}
        for one in bad
    ]
    await session.execute(insert(ERRORS), rows)
    lines = len({one.line for one in bad})
    await session.execute(update(IMPORTS).where(_of.id == import_id).values(rows_bad=_of.rows_bad + lines))


async def finish(session: AsyncSession, progress: Import, failure: str | None, now: datetime) -> None:
    """The parts go: what is left of the file are its counts and its bad rows."""
    values: dict[str, object] = {
        "state": "failed" if failure else "done",
        "failure": failure,
        "finished_at": now,
    }
    if failure is None:
        values["rows_total"] = progress.rows_read
    await session.execute(update(IMPORTS).where(_of.id == progress.id).values(values))
    await session.execute(delete(PARTS).where(PARTS.c.import_id == progress.id))


async def count_failure(session: AsyncSession, import_id: UUID) -> int:
    """How often taking this file in has failed by now."""
    counted = update(IMPORTS).where(_of.id == import_id).values(failures=_of.failures + 1)
    failures: int = (await session.execute(counted.returning(_of.failures))).scalar_one()
    return failures


async def errors(session: AsyncSession, import_id: UUID, after: tuple[int, str]) -> Sequence[Any]:
    """A page of rows ``(line, field, code, fa, en)`` in the order of the file."""
    names = [ERRORS.c[name] for name in ("line", "field", "code", "fa", "en")]
    place = func.row(ERRORS.c.line, ERRORS.c.field) > func.row(*after)
    query = select(*names).where(ERRORS.c.import_id == import_id, place)
    return (await session.execute(query.order_by(ERRORS.c.line, ERRORS.c.field).limit(ERRORS_PAGE))).all()


async def forget_abandoned(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(IMPORTS).where(_of.state == "uploading", _of.created_at < now - ABANDONED))
