"""Tables as files for spreadsheets: CSV as it comes, XLSX in one piece. No cell becomes a formula.

Source: OWASP, CSV injection: a spreadsheet takes a text that begins with ``= + - @``, a tab or a line break
for a formula, also behind blanks and in full-width letters.
"""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import IO, Any

from starlette.responses import StreamingResponse

from chassis.errors import Problem

BOM = "\ufeff"
"""Without it, spreadsheets take UTF-8 for something else."""
FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
CHUNK_BYTES = 65_536
MAX_XLSX_ROWS = 200_000
"""Above that the file takes longer than anybody waits; CSV has no limit."""

Rows = AsyncIterator[Sequence[Sequence[object]]]
"""Batches of rows, each with a cell for every title."""


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TooManyRows(Problem):
    status = 422
    code = "too_many_rows"
    fa = "این فایل بیش از {most} سطر دارد؛ قالب CSV را انتخاب کنید."
    en = "The file has more than {most} rows; choose CSV."


def harmless(value: object) -> str | int | float | None:
    """What a cell holds: numbers as they are, everything else as text that is no formula."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    is_formula = text[:1] in FORMULA_SIGNS or text.strip()[:1] in FORMULA_SIGNS
    return f"'{text}" if text and is_formula else text


async def as_file(name: str, file_format: FileFormat, titles: Sequence[str], rows: Rows) -> StreamingResponse:
    """A download of that name (ASCII, without its ending). Raises ``TooManyRows``."""
    chunks = csv_chunks(titles, rows) if file_format is FileFormat.CSV else await _xlsx_chunks(titles, rows)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{file_format}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(chunks, media_type=MEDIA_TYPES[file_format], headers=headers)


async def csv_chunks(titles: Sequence[str], rows: Rows) -> AsyncIterator[bytes]:
    """UTF-8 with a byte order mark, a chunk for each batch."""
    yield (BOM + _csv([titles])).encode()
    async for batch in rows:
        yield _csv(batch).encode()


def _csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


async def _xlsx_chunks(titles: Sequence[str], rows: Rows) -> AsyncIterator[bytes]:
    """The file is complete before the first chunk, so that a refusal can still be said."""
    from openpyxl import Workbook  # noqa: PLC0415 a library that few processes ever need

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Nobat")
    sheet.sheet_view.rightToLeft = True
    sheet.append(list(titles))
    try:
        await _fill(sheet, rows)
    except BaseException:
        sheet.close()  # its half is in a file of its own
        raise
    file = tempfile.TemporaryFile()  # noqa: SIM115 closed when the last chunk is read
    await asyncio.to_thread(book.save, file)
    return _chunks(file)


async def _fill(sheet: Any, rows: Rows) -> None:
    count = 0
    async for batch in rows:
        count += len(batch)
        if count > MAX_XLSX_ROWS:
            raise TooManyRows(most=MAX_XLSX_ROWS)
        await asyncio.to_thread(_append, sheet, batch)


def _append(sheet: Any, batch: Sequence[Sequence[object]]) -> None:
    for row in batch:
        sheet.append([harmless(cell) for cell in row])


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
