"""Reading a file row by row: CSV as people save it, XLSX, and columns of fixed width, as banks write them.

None is ever in memory as a whole.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chassis.imports.refusals import Unreadable
from iran import matching_key

FileFormat = Literal["csv", "xlsx", "fixed"]
DELIMITERS = ",;\t"
MAX_COLUMNS = 100
MAX_UNPACKED = 200_000_000
"""An XLSX is a ZIP: what it unpacks to is bounded before anything of it is."""

Cells = dict[str, str]
"""The cells of a row that are not empty, by field."""
Numbered = tuple[int, Cells]


class FixedColumn(BaseModel):
    """Where a field stands in each line: ``length`` characters from the one numbered ``start``, from 1."""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[str, Field(min_length=1, max_length=60)]
    start: Annotated[int, Field(ge=1, le=10_000)]
    length: Annotated[int, Field(ge=1, le=1_000)]

    @property
    def place(self) -> slice:
        return slice(self.start - 1, self.start - 1 + self.length)


class RowReader:
    """The rows of ``file``, with the numbers of their lines; ``columns`` are the fields by heading.

    A file of fixed width has no line of headings: ``layout`` names its columns. Rows without any cell are
    passed over. Raises ``Unreadable`` as soon as it is known.
    """

    def __init__(
        self,
        file: IO[bytes],
        file_format: FileFormat,
        columns: Mapping[str, str],
        required: Iterable[str],
        layout: Sequence[FixedColumn] = (),
    ) -> None:
        self.total = 0
        if file_format == "fixed":
            self._lines = self._fixed_lines(file, [column.place for column in layout])
            headings = [column.field for column in layout]
        else:
            self._lines = self._csv_lines(file) if file_format == "csv" else self._xlsx_lines(file)
            _, headings = next(self._lines, (0, []))
        self._fields = _fields(headings, columns, required)
        self._rows = self._read()

    def take(self, count: int) -> list[Numbered]:
        """The next rows, ``count`` of them unless the file ends."""
        return list(islice(self._rows, count))

    def skip(self, count: int) -> None:
        for _ in islice(self._rows, count):
            pass

    def _read(self) -> Iterator[Numbered]:
        for number, values in self._lines:
            named = zip(self._fields, values, strict=False)
            cells = {field: value for field, value in named if field and value}
            if cells:
                yield number, cells

    def _csv_lines(self, file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        self.total = max(sum(1 for _ in file) - 1, 0)
        file.seek(0)
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        try:
            heading = text.readline(100_000)
            text.seek(0)
            delimiter = max(DELIMITERS, key=heading.count)
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            for values in reader:
                yield reader.line_num, [value.strip() for value in values]
        except UnicodeDecodeError:
            raise Unreadable("not_text") from None
        except csv.Error:
            raise Unreadable("malformed") from None

    def _fixed_lines(self, file: IO[bytes], places: Sequence[slice]) -> Iterator[tuple[int, list[str]]]:
        self.total = sum(1 for _ in file)
        file.seek(0)
        try:
            for number, line in enumerate(io.TextIOWrapper(file, "utf-8-sig"), 1):
                yield number, [line[place].strip() for place in places]
        except UnicodeDecodeError:
            raise Unreadable("not_text") from None

    def _xlsx_lines(self, file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        from openpyxl import load_workbook  # noqa: PLC0415 - large, and few processes read a workbook
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - as above

        _check_size(file)
        try:
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = workbook.worksheets[0]
            self.total = max((sheet.max_row or 1) - 1, 0)
            rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
            for number, values in enumerate(rows, 1):
                yield number, [_text_of(value) for value in values]
        except (
            InvalidFileException,
            zipfile.BadZipFile,
            KeyError,
            ValueError,
            IndexError,
            SyntaxError,
            EOFError,
        ):
            raise Unreadable("not_a_workbook") from None


def _check_size(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise Unreadable("not_a_workbook") from None
    if unpacked > MAX_UNPACKED:
        raise Unreadable("too_large_unpacked")
    file.seek(0)


def _fields(headings: list[str], columns: Mapping[str, str], required: Iterable[str]) -> list[str | None]:
    """The field of each column, None for one that nobody asks for."""
    if not any(headings):
        raise Unreadable("no_columns")
    fields = [columns.get(matching_key(heading)) for heading in headings]
    known = [field for field in fields if field]
    if missing := [field for field in required if field not in known]:
        raise Unreadable("missing_columns", ", ".join(missing))
    if repeated := sorted({field for field in known if known.count(field) > 1}):
        raise Unreadable("repeated_columns", ", ".join(repeated))
    return fields


def _text_of(value: Any) -> str:
    """A cell as it would stand in a CSV: whole numbers without a point, days in ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time.min else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
