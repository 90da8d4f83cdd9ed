"""Staff see which orders of a plan have their deposits blocked, and take away the list of the others."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from chassis import audit, exports
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.exports import MEDIA_TYPES, FileFormat
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.deposits import queries

router = APIRouter(tags=["staff: plans"], prefix="/staff/plans/{plan_id}/deposits")
Reader = Annotated[Principal, Depends(permitted("reports.read"))]
Exporter = Annotated[Principal, Depends(permitted("reports.export"))]
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}
    }
}


class PlanDeposits(BaseModel):
    """The plan's live orders, and how many of their buyers have a deposit blocked."""

    orders: int
    blocked: int


@router.get("", summary="Count the orders of a plan whose deposits are blocked")
async def count(plan_id: UUID, _: Reader, db: Db) -> PlanDeposits:
    async with db.transaction() as session:
        counted = await queries.count(session, plan_id)
    return PlanDeposits(orders=counted.orders, blocked=counted.blocked)


@router.get(
    "/missing",
    summary="The orders of a plan without a blocked deposit, as a file",
    response_class=StreamingResponse,
    responses=FILES,
)
async def missing(
    plan_id: UUID,
    by: Exporter,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    file_format: Annotated[FileFormat, Query(alias="format")] = FileFormat.CSV,
) -> StreamingResponse:
    entry = audit.Entry(
        action="sales.deposits.exported",
        actor=by.subject,
        roles=by.roles,
        client=client,
        details={"plan_id": plan_id},
    )
    async with db.transaction() as session:
        await audit.record(session, entry, at=context.clock())
    rows = queries.missing(db, plan_id)
    return await exports.as_file("orders-without-deposit", file_format, queries.TITLES, rows)
