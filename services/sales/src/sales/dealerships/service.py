"""Keeping the directory of dealerships."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import Problem
from chassis.imports.kind import BadRow, Batch, ImportKind
from chassis.logging import get_logger
from iran import Province, matching_key, to_ascii_digits
from sales.dealerships import queries
from sales.dealerships.hours import DAYS, Spans, Week, spans_of
from sales.dealerships.tables import Dealership
from sales.prose import Line

log = get_logger(__name__)
Code = Annotated[
    str, BeforeValidator(lambda code: to_ascii_digits(str(code))), Field(pattern=r"^[0-9A-Z-]{1,20}$")
]
Phone = Annotated[
    str, BeforeValidator(lambda phone: to_ascii_digits(str(phone))), Field(pattern=r"^\+?[0-9 -]{3,20}$")
]


class CodeTaken(Problem):
    status = 409
    code = "dealership_code_taken"
    fa = "نمایندگی دیگری با این کد هست."
    en = "Another dealership has this code."


class DealershipRecord(BaseModel):
    """One row of the directory; ``code`` identifies it."""

    code: str
    name: str
    province: Province
    city: str
    address: str
    phone: str
    hours: str
    weekly_hours: Week = Field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None

    def columns(self) -> dict[str, object]:
        return {**self.model_dump(mode="json"), "search_key": matching_key(f"{self.name} {self.city}")}


class DealershipForm(DealershipRecord):
    """What staff writes."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Line
    city: Line
    address: Line
    phone: Phone
    hours: Line
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = None


HoursOfADay = Annotated[
    Spans | None, BeforeValidator(lambda cell: spans_of(cell) if isinstance(cell, str) else cell)
]


class DealershipLine(BaseModel):
    """A row of a file. A row with the hours of any day says those of the whole week: an empty day is free."""

    code: Code = Field(title="کد")
    name: Line = Field(title="نام")
    province: Province = Field(title="استان")
    city: Line = Field(title="شهر")
    address: Line = Field(title="نشانی")
    phone: Phone = Field(title="تلفن")
    hours: Line = Field(title="ساعت کار")
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = Field(default=None, title="عرض جغرافیایی")
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = Field(default=None, title="طول جغرافیایی")
    saturday: HoursOfADay = Field(default=None, title="شنبه")
    sunday: HoursOfADay = Field(default=None, title="یکشنبه")
    monday: HoursOfADay = Field(default=None, title="دوشنبه")
    tuesday: HoursOfADay = Field(default=None, title="سه‌شنبه")
    wednesday: HoursOfADay = Field(default=None, title="چهارشنبه")
    thursday: HoursOfADay = Field(default=None, title="پنجشنبه")
    friday: HoursOfADay = Field(default=None, title="جمعه")

    def columns(self) -> dict[str, object]:
        """Without ``weekly_hours`` where the row says none: those that are known stay."""
        facts = self.model_dump(mode="json", exclude={day.value for day in DAYS})
        week = self.model_dump(mode="json", include={day.value for day in DAYS}, exclude_none=True)
        hours = {"weekly_hours": week} if any(week.values()) else {}
        return {**facts, **hours, "search_key": matching_key(f"{self.name} {self.city}")}


async def register(session: AsyncSession, records: Sequence[DealershipRecord]) -> None:
    """Adds the dealerships that are new and replaces what changed of the known ones."""
    await _upsert(session, [record.columns() for record in records])


async def _upsert(session: AsyncSession, columns: Sequence[dict[str, object]]) -> None:
    rows = [{"weekly_hours": {}, **row, "id": uuid7(), "active": True} for row in columns]
    statement = insert(Dealership)
    kept = {"id", "code", *({"weekly_hours"} - columns[0].keys())}
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in kept}
    await session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=replaced), rows)


async def add(session: AsyncSession, form: DealershipForm) -> Dealership:
    """Raises ``CodeTaken``."""
    row = Dealership(id=uuid7(), active=True, **form.columns())
    session.add(row)
    await _flush(session)
    return row


async def change(session: AsyncSession, dealership_id: UUID, form: DealershipForm) -> Dealership:
    """Raises ``NotFound`` and ``CodeTaken``."""
    row = await queries.locked(session, dealership_id)
    for name, value in form.columns().items():
        setattr(row, name, value)
    await _flush(session)
    return row


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        if "dealerships_code_key" in str(error.orig):
            raise CodeTaken from error
        raise


async def activate(session: AsyncSession, dealership_id: UUID, *, active: bool) -> Dealership:
    """Who has an order there keeps it; new ones are taken by active dealerships only."""
    row = await queries.locked(session, dealership_id)
    row.active = active
    log.info(f"sales.dealership.{'activated' if active else 'deactivated'}", dealership_id=dealership_id)
    return row


async def take_in(session: AsyncSession, batch: Batch[DealershipLine]) -> list[BadRow]:
    """The rows of a file; of several with one code the last counts."""
    rows = {line.row.code: line.row.columns() for line in batch.lines}
    for with_hours in (True, False):
        alike = [row for row in rows.values() if ("weekly_hours" in row) == with_hours]
        if alike:
            await _upsert(session, alike)
    return []


IMPORT = ImportKind("dealerships", DealershipLine, take_in)
