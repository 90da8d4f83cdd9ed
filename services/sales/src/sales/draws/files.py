"""The published files: kept in parts in the database, so that every process can serve them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.errors import NotFound
from sales.draws.computing import Block
from sales.draws.formats import digest
from sales.draws.ranges import Span
from sales.draws.tables import DrawFile, PublishedFile

ALL_OF_IT = Span(0, 2**62)
PART_COLUMNS = ("plan_id", "name", "part", "first", "root", "content")


async def driver(session: AsyncSession) -> Any:
    """asyncpg's connection of the session's transaction, for ``COPY``."""
    connection = await session.connection()
    return (await connection.get_raw_connection()).driver_connection


async def write_small(session: AsyncSession, plan_id: UUID, name: str, content: bytes) -> None:
    """A file of one part."""
    await _announce(session, plan_id, name, digest(content), len(content))
    session.add(DrawFile(plan_id=plan_id, name=name, part=0, first="", root=None, content=content))
    await session.flush()


async def write_large(
    session: AsyncSession, plan_id: UUID, name: str, path: Path, sha256: str, blocks: Sequence[Block]
) -> None:
    """A file of lines, a part for each block."""
    await _announce(session, plan_id, name, sha256, size_of(path))
    records = (
        (plan_id, name, part, block.first, block.root, content)
        for part, (block, content) in enumerate(_contents(path, blocks))
    )
    await (await driver(session)).copy_records_to_table("draw_files", records=records, columns=PART_COLUMNS)


def size_of(path: Path) -> int:
    return path.stat().st_size


def _contents(path: Path, blocks: Sequence[Block]) -> Iterator[tuple[Block, bytes]]:
    with path.open("rb") as file:
        for block in blocks:
            yield block, file.read(block.size)


async def _announce(session: AsyncSession, plan_id: UUID, name: str, sha256: str, size: int) -> None:
    """In the place of the file of an attempt that was given up."""
    await session.execute(delete(DrawFile).where(DrawFile.plan_id == plan_id, DrawFile.name == name))
    what = {"sha256": sha256, "size": size}
    statement = insert(PublishedFile).values(plan_id=plan_id, name=name, **what)
    await session.execute(statement.on_conflict_do_update(index_elements=["plan_id", "name"], set_=what))


async def published(session: AsyncSession, plan_id: UUID) -> Sequence[PublishedFile]:
    query = select(PublishedFile).where(PublishedFile.plan_id == plan_id).order_by(PublishedFile.name)
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, plan_id: UUID, name: str) -> PublishedFile:
    """Raises ``NotFound`` for what is not published (yet)."""
    file = await session.get(PublishedFile, (plan_id, name))
    if file is None:
        raise NotFound
    return file


async def stream(
    database: Database, plan_id: UUID, name: str, span: Span = ALL_OF_IT
) -> AsyncIterator[bytes]:
    """What of the file lies in ``span``, part by part: each is read in a transaction of its own, so that a
    slow reader holds nothing.
    """
    is_of_file = (DrawFile.plan_id == plan_id) & (DrawFile.name == name)
    sizes = select(DrawFile.part, func.octet_length(DrawFile.content)).where(is_of_file)
    async with database.transaction() as session:
        parts = (await session.execute(sizes.order_by(DrawFile.part))).all()
    start = 0
    for part, size in parts:
        if start <= span.last and span.first < start + size:
            async with database.transaction() as session:
                query = select(DrawFile.content).where(is_of_file, DrawFile.part == part)
                content = (await session.scalars(query)).one()
            yield span.of(content, start)
        start += size
