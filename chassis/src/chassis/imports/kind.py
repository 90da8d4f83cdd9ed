"""What can be imported: the shape of a row, and what is done with many of them."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Sentence
from chassis.validation import problem_of_model
from iran import matching_key

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Line(Generic[Row]):
    """A row and where it stands in the file: lines are counted from 1, the titles included."""

    number: int
    row: Row


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was left out; ``field`` is empty when it is not one of them. Quotes nothing of the file."""

    line: int
    field: str
    code: str
    reason: Sentence


class NoOptions(BaseModel):
    """A file of which nothing is said beyond its rows."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Batch(Generic[Row]):
    """Some rows of an import that ``by`` started, in the order of the file.

    ``options`` is what was said of the file as a whole, as the kind's ``options``.
    """

    import_id: UUID
    by: UUID
    now: datetime
    lines: Sequence[Line[Row]]
    options: Any = None


Apply = Callable[[AsyncSession, Batch[Row]], Awaitable[Iterable[BadRow]]]
"""Takes a batch in and returns the rows it left out, at most one entry for each.

It runs in the transaction that notes how far the import has come, so each row takes effect once.
"""


@dataclass(frozen=True)
class ImportKind(Generic[Row]):
    """``row`` is what a row must be; its fields are the columns, by their names or their titles.

    ``options`` is what must be said of a file as a whole. ``quick`` makes what stands for the row of cells
    that are as they should be, at a fraction of the cost, and gives None for any others.
    ``batch`` rows are taken in at once, where that is not as many as usual.
    """

    name: str
    row: type[Row]
    apply: Apply[Row]
    options: type[BaseModel] = NoOptions
    quick: Callable[[dict[str, Any]], Any] | None = None
    batch: int | None = None

    @property
    def columns(self) -> dict[str, str]:
        """The fields by how a heading may spell them, compared with ``matching_key``."""
        fields = self.row.model_fields
        titles = {matching_key(field.title): name for name, field in fields.items() if field.title}
        return {matching_key(name): name for name in fields} | titles

    @property
    def required(self) -> list[str]:
        return [name for name, field in self.row.model_fields.items() if field.is_required()]

    def parse(self, line: int, cells: dict[str, Any]) -> Line[Row] | list[BadRow]:
        """The row of these cells, or everything that is wrong with it."""
        if self.quick is not None and (row := self.quick(cells)) is not None:
            return Line(line, row)
        try:
            return Line(line, self.row.model_validate(cells))
        except ValidationError as error:
            findings = problem_of_model(error).errors
        found = {finding.field: finding for finding in findings}
        return [BadRow(line, field, finding.code, finding.message) for field, finding in found.items()]
