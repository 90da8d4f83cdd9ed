"""Reports for staff, on the page or as a file; taking a file away is in the audit trail."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from chassis import audit, exports
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.days import Moment
from chassis.exports import MEDIA_TYPES, FileFormat, Rows
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Context, Ctx
from sales.reports import queries
from sales.reports.queries import ORDER_TITLES, Chosen, Group

router = APIRouter(tags=["staff: reports"], prefix="/staff/reports")
Reader = Annotated[Principal, Depends(permitted("reports.read"))]
Exporter = Annotated[Principal, Depends(permitted("reports.export"))]
Format = Annotated[Literal["json", "csv", "xlsx"], Query()]
Name = Literal["orders", "capacity", "complaints", "all_orders"]
COUNTED = ("orders", "price")
CAPACITY = ("circular", "model", "trim", "level", "key", "capacity", "sold", "free")
COMPLAINTS = ("section", "unresolved", "warned", "overdue", "at_office", "resolved")
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}
    }
}


class Choice(BaseModel):
    """Which orders; ``until`` is not included."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.plan_id, self.since, self.until)


class OrderChoice(Choice):
    """``by`` is what to count by, in this order. Price is the sum, in Rial."""

    by: Annotated[list[Group], Field(min_length=1, max_length=6)] = ["plan", "state"]
    format: Literal["json", "csv", "xlsx"] = "json"


class ExportChoice(Choice):
    format: FileFormat = FileFormat.CSV


class Report(BaseModel):
    """Each item has the ``columns`` as its members."""

    columns: list[str]
    items: list[dict[str, Any]]


@dataclass(frozen=True)
class Reporter:
    """Answers with tables on behalf of ``reader``."""

    db: Database
    context: Context
    reader: Principal
    client: str

    async def answer(
        self, name: Name, wanted: str, columns: tuple[str, ...], rows: Any, asked: BaseModel | None = None
    ) -> Response:
        """The whole table in the format that is wanted."""
        if wanted == "json":
            items = [dict(zip(columns, row, strict=True)) for row in rows]
            return JSONResponse(Report(columns=list(columns), items=items).model_dump(mode="json"))

        async def batches() -> Rows:
            yield rows

        return await self.file(name, FileFormat(wanted), columns, batches(), asked)

    async def file(
        self, name: Name, wanted: FileFormat, columns: tuple[str, ...], rows: Rows, asked: BaseModel | None
    ) -> Response:
        filters = asked.model_dump(mode="json", exclude_none=True, exclude={"format"}) if asked else {}
        entry = audit.Entry(
            action="sales.report.exported",
            actor=self.reader.subject,
            roles=self.reader.roles,
            client=self.client,
            details={"report": name, "format": wanted, **filters},
        )
        async with self.db.transaction() as session:
            await audit.record(session, entry, at=self.context.clock())
        return await exports.as_file(name, wanted, columns, rows)


async def of_reader(reader: Reader, db: Db, context: Ctx, client: ClientNetwork) -> Reporter:
    return Reporter(db, context, reader, client)


async def of_exporter(reader: Exporter, db: Db, context: Ctx, client: ClientNetwork) -> Reporter:
    return Reporter(db, context, reader, client)


Reporting = Annotated[Reporter, Depends(of_reader)]
Exporting = Annotated[Reporter, Depends(of_exporter)]


@router.get("/orders", summary="Orders, counted", response_model=Report, responses=FILES)
async def count_orders(choice: Annotated[OrderChoice, Query()], report: Reporting) -> Response:
    groups = tuple(dict.fromkeys(choice.by))
    async with report.db.transaction() as session:
        rows = await queries.orders_by(session, groups, choice.chosen)
    return await report.answer("orders", choice.format, (*groups, *COUNTED), rows, choice)


@router.get("/capacity", summary="Sold against capacity", response_model=Report, responses=FILES)
async def count_capacity(report: Reporting, plan_id: UUID | None = None, format: Format = "json") -> Response:  # noqa: A002 the name of the parameter
    async with report.db.transaction() as session:
        rows = await queries.capacity(session, plan_id)
    return await report.answer("capacity", format, CAPACITY, rows)


@router.get("/complaints", summary="Complaints by section", response_model=Report, responses=FILES)
async def count_complaints(report: Reporting, format: Format = "json") -> Response:  # noqa: A002 the name of the parameter
    async with report.db.transaction() as session:
        rows = await queries.complaints(session, report.context.clock())
    return await report.answer("complaints", format, COMPLAINTS, rows)


@router.get("/orders/export", summary="Every order, as a file", response_class=Response, responses=FILES)
async def export_orders(choice: Annotated[ExportChoice, Query()], report: Exporting) -> Response:
    """Nothing of it says who the buyers are."""
    rows = queries.orders(report.db, choice.chosen)
    return await report.file("all_orders", choice.format, ORDER_TITLES, rows, choice)
