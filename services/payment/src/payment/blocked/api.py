"""What banks have blocked of a buyer, and the staff's routes of banks' lists."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from chassis import audit, exports
from chassis.auth import CurrentUser, Principal
from chassis.client_address import ClientNetwork
from chassis.exports import FileFormat
from chassis.imports.api import imports_router
from chassis.permissions import permitted
from chassis.service import Db
from payment.blocked import queries
from payment.blocked.service import NAME
from payment.differences.staff_api import FILES
from payment.refunds.staff_api import Desk

TAG = "staff: blocked deposits"
router = APIRouter(prefix="/blocked-deposits", tags=["payments"])
staff_router = APIRouter(prefix="/staff/blocked-deposits", tags=[TAG])
importing = imports_router(
    "/staff/blocked-deposits/imports",
    NAME,
    "blocked_deposits.write",
    TAG,
    "payment.blocked_deposits.imported",
)
Reader = Annotated[Principal, Depends(permitted("blocked_deposits.read"))]


class BlockedDepositView(BaseModel):
    """``amount`` is Rial; ``live`` when it counts for the plan now."""

    model_config = ConfigDict(from_attributes=True)

    plan_id: UUID
    bank: str
    amount: int
    blocked_on: date
    live: bool


class BlockedDeposits(BaseModel):
    items: list[BlockedDepositView]


class BankListView(BaseModel):
    """``matched`` and ``differing`` count the lines so far; ``released`` whom a complete list left out."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    bank: str
    plan_id: UUID
    least: int
    complete: bool
    begun_at: datetime
    closed_at: datetime | None
    matched: int
    differing: int
    released: int


class BankLists(BaseModel):
    items: list[BankListView]
    next_cursor: UUID | None


@router.get("", summary="What banks have blocked of the caller for a plan")
async def own_deposits(plan_id: UUID, user: CurrentUser, db: Db) -> BlockedDeposits:
    async with db.transaction() as session:
        rows = await queries.own_deposits(session, user.subject, plan_id)
    return BlockedDeposits(items=[BlockedDepositView.model_validate(row) for row in rows])


@staff_router.get("/lists", summary="Banks' lists, newest first")
async def list_lists(_: Reader, db: Db, cursor: UUID | None = None) -> BankLists:
    async with db.transaction() as session:
        rows = await queries.lists(session, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return BankLists(items=[BankListView.model_validate(row) for row in rows], next_cursor=following)


@staff_router.get(
    "/lists/{list_id}/differences",
    summary="The lines of a list that are not simply a buyer's deposit, as a file",
    response_class=StreamingResponse,
    responses=FILES,
)
async def export(
    list_id: UUID,
    reader: Reader,
    db: Db,
    desk: Desk,
    client: ClientNetwork,
    file_format: Annotated[FileFormat, Query(alias="format")] = FileFormat.CSV,
) -> StreamingResponse:
    entry = audit.Entry(
        action="payment.blocked_deposits.exported",
        actor=reader.subject,
        roles=reader.roles,
        client=client,
        details={"list_id": list_id},
    )
    async with db.transaction() as session:
        await queries.find_list(session, list_id)
        await audit.record(session, entry, at=desk.clock())
    rows = queries.exported(db, list_id)
    return await exports.as_file(f"blocked-{list_id}", file_format, queries.TITLES, rows)
