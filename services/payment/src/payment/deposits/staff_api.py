"""The staff's routes of bank statements: hand one in, see what became of its deposits."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from chassis import audit, exports
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.exports import FileFormat
from chassis.imports.api import imports_router
from chassis.permissions import permitted
from chassis.service import Db
from payment.deposits import queries
from payment.deposits.domain import Outcome
from payment.deposits.queries import Chosen
from payment.deposits.tables import BankDeposit
from payment.differences.domain import Reason
from payment.differences.staff_api import FILES
from payment.differences.tables import Difference
from payment.refunds.staff_api import Desk

TAG = "staff: deposits"
router = APIRouter(prefix="/staff/deposits", tags=[TAG])
importing = imports_router(
    "/staff/deposits/imports", "deposits", "deposits.write", TAG, "payment.deposits.imported"
)
Reader = Annotated[Principal, Depends(permitted("deposits.read"))]


class Choice(BaseModel):
    """``differ``: only those that are not what was expected."""

    model_config = ConfigDict(extra="forbid")

    import_id: UUID | None = None
    outcome: Outcome | None = None
    differ: bool = False

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.import_id, self.outcome, self.differ)


class PageChoice(Choice):
    cursor: UUID | None = None


class ExportChoice(Choice):
    format: FileFormat = FileFormat.CSV


class DepositView(BaseModel):
    """``amount`` is Rial; ``reason`` says how it differs from what was expected, ``owner`` who minds that."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    import_id: UUID
    line: int
    bank: str
    reference: str
    bank_bill_id: str
    bank_payment_id: str
    amount: int
    paid_on: date
    outcome: Outcome
    bill_id: UUID | None
    taken_at: datetime
    difference_id: UUID | None = None
    reason: Reason | None = None
    owner: UUID | None = None
    closed_at: datetime | None = None

    @classmethod
    def of(cls, deposit: BankDeposit, difference: Difference | None) -> "DepositView":
        view = cls.model_validate(deposit)
        if difference is None:
            return view
        minded = {name: getattr(difference, name) for name in ("reason", "owner", "closed_at")}
        return view.model_copy(update=minded | {"difference_id": difference.id})


class Deposits(BaseModel):
    items: list[DepositView]
    next_cursor: UUID | None


@router.get("", summary="Deposits, in the order in which they were taken in")
async def list_deposits(_: Reader, db: Db, choice: Annotated[PageChoice, Query()]) -> Deposits:
    async with db.transaction() as session:
        rows = await queries.page(session, choice.chosen, choice.cursor)
    following = rows[-1][0].id if len(rows) == queries.PAGE else None
    return Deposits(items=[DepositView.of(*row) for row in rows], next_cursor=following)


@router.get("/export", summary="Deposits as a file", response_class=StreamingResponse, responses=FILES)
async def export(
    reader: Reader, db: Db, desk: Desk, client: ClientNetwork, choice: Annotated[ExportChoice, Query()]
) -> StreamingResponse:
    entry = audit.Entry(
        action="payment.deposits.exported",
        actor=reader.subject,
        roles=reader.roles,
        client=client,
        details=choice.model_dump(mode="json", exclude_none=True),
    )
    async with db.transaction() as session:
        await audit.record(session, entry, at=desk.clock())
    rows = queries.exported(db, choice.chosen)
    return await exports.as_file("deposits", choice.format, queries.TITLES, rows)
