"""Taking lists in: what they say replaces what they said of the same person and item before."""

import json
from collections.abc import Sequence
from functools import partial

from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import BlindIndex
from chassis.database import UtcDateTime
from chassis.imports import BadRow, Batch, ImportKind
from events.identity import NATIONAL_CODE
from sales.facts.rows import FactRow

NAME = "facts"

_COLUMNS = (
    bindparam("subjects", type_=ARRAY(Text)),
    bindparam("names", type_=ARRAY(Text)),
    bindparam("items", type_=ARRAY(Text)),
)
WRITE = text(
    """
    INSERT INTO facts (subject, index_generation, name, item, value, source, imported_at, import_id)
    SELECT subject, :generation, name, item, CAST(value AS jsonb), source, :imported_at, :import_id
    FROM unnest(:subjects, :names, :items, :values, :sources) AS new (subject, name, item, value, source)
    ON CONFLICT (subject, name, item) DO UPDATE
    SET value = excluded.value, source = excluded.source,
        imported_at = excluded.imported_at, import_id = excluded.import_id
    """
).bindparams(
    *_COLUMNS,
    bindparam("values", type_=ARRAY(Text)),
    bindparam("sources", type_=ARRAY(Text)),
    bindparam("imported_at", type_=UtcDateTime),
    bindparam("import_id", type_=Uuid),
    bindparam("generation", type_=Integer),
)
TAKE_BACK = text(
    "DELETE FROM facts USING unnest(:subjects, :names, :items) AS gone (subject, name, item)"
    " WHERE facts.subject = gone.subject AND facts.name = gone.name AND facts.item = gone.item"
).bindparams(*_COLUMNS)


def fact_lists(index: BlindIndex) -> ImportKind[FactRow]:
    """The kind of import; a person is kept by the blind index of their national code alone."""
    return ImportKind(NAME, FactRow, partial(take_in, index=index))


async def take_in(session: AsyncSession, batch: Batch[FactRow], *, index: BlindIndex) -> list[BadRow]:
    """Of several lines about one item the last one counts; none is left out."""
    key = index.present
    last = {
        (key.of(line.row.national_code, NATIONAL_CODE), line.row.fact, line.row.item): line.row
        for line in batch.lines
    }
    kept = {place: row for place, row in last.items() if not row.withdrawn}
    gone: list[tuple[str, str, str]] = [place for place, row in last.items() if row.withdrawn]
    gone += _under_former_keys(batch, index)
    if kept:
        rows = {
            "values": [json.dumps(row.value()) for row in kept.values()],
            "sources": [row.source for row in kept.values()],
        }
        when = {"imported_at": batch.now, "import_id": batch.import_id, "generation": key.generation}
        await session.execute(WRITE, {**_keys(list(kept)), **rows, **when})
    if gone:
        await session.execute(TAKE_BACK, _keys(gone))
    return []


def _under_former_keys(batch: Batch[FactRow], index: BlindIndex) -> list[tuple[str, str, str]]:
    """What the list said before the key of the index changed; nothing at most times."""
    return [
        (former, line.row.fact, line.row.item)
        for line in batch.lines
        for former in index.all_of(line.row.national_code, NATIONAL_CODE)[1:]
    ]


def _keys(keys: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    return {
        "subjects": [subject for subject, _, _ in keys],
        "names": [name for _, name, _ in keys],
        "items": [item for _, _, item in keys],
    }
