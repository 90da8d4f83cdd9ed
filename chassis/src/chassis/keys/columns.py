"""Which columns hold what is under a key.

Sealed values: every binary column, unless its declaration says what else it is.

A service's tables are the one declaration, so a new sealed column is re-encrypted without being listed
anywhere. Each is sealed in the context ``table.column``. Blind indexes: the tables that say with
``index_generation`` what number the key of theirs has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Table, column, func, literal, select, true, values
from sqlalchemy.ext.asyncio import AsyncSession

PLAIN = "plain"
"""``mapped_column(info={PLAIN: "a SHA-256"})`` says what a binary column holds that is not sealed."""


GENERATION = "index_generation"


@dataclass(frozen=True)
class SealedTable:
    """A table with at least one sealed column."""

    table: Table
    columns: Sequence[Column[Any]]

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key(self) -> Sequence[Column[Any]]:
        return list(self.table.primary_key.columns)

    def place(self, sealed: Column[Any]) -> str:
        """The context that the column's values are sealed in."""
        return f"{self.name}.{sealed.name}"


def sealed_tables(metadata: MetaData) -> list[SealedTable]:
    """All of a service, by name."""
    found = (
        SealedTable(table, [one for one in table.columns if _is_sealed(one)])
        for table in metadata.sorted_tables
    )
    return sorted((table for table in found if table.columns), key=lambda table: table.name)


def _is_sealed(one: Column[Any]) -> bool:
    return isinstance(one.type, LargeBinary) and PLAIN not in one.info


async def count_by_key(session: AsyncSession, sealed: SealedTable) -> dict[str, int]:
    """How many values of the table are under each key; reads all of it."""
    data = [(one,) for one in sealed.columns]
    each = values(column("value", LargeBinary()), name="each").data(data).lateral("each")
    name = func.encode(func.substring(each.c.value, 2, func.get_byte(each.c.value, 0)), literal("escape"))
    found = select(name, func.count()).select_from(sealed.table.join(each, true()))
    counted = await session.execute(found.where(each.c.value.is_not(None)).group_by(name))
    return {key: count for key, count in counted}  # noqa: C416 - dict() does not know the types of a row


def indexed_tables(metadata: MetaData) -> list[Table]:
    """All of a service that hold blind indexes."""
    return [table for table in metadata.sorted_tables if GENERATION in table.columns]


async def count_by_generation(session: AsyncSession, table: Table) -> dict[int, int]:
    """How many rows have their indexes under the key with each number."""
    generation = table.columns[GENERATION]
    counted = await session.execute(select(generation, func.count()).group_by(generation))
    return {number: count for number, count in counted}  # noqa: C416 - dict() does not know the types of a row
