"""Millions of rows in tables, before something is measured among them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

TIMEOUT = 1800
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY($1) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
"""


class Filler:
    """Writes without waiting for the disk."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def run(self, statement: str, *values: object) -> None:
        await self._connection.execute(statement, *values, timeout=TIMEOUT)


@asynccontextmanager
async def filling(url: str, *tables: str) -> AsyncIterator[Filler]:
    """Indexes that keep no constraint are away meanwhile; at the end the tables are vacuumed and analysed."""
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    filler = Filler(connection)
    await filler.run("SET synchronous_commit = off")
    await filler.run("SET maintenance_work_mem = '1GB'")
    indexes = await connection.fetch(INDEXES, list(tables))
    for index in indexes:
        await filler.run(f'DROP INDEX "{index["indexname"]}"')
    yield filler
    for index in indexes:
        await filler.run(index["indexdef"])
    await filler.run(f"VACUUM ANALYZE {', '.join(tables)}")
    await connection.close()
