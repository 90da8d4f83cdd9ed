"""The staff's routes for deposits whose bill is not known: propose one, let a colleague decide."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db, provided
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.deposits import assigning
from payment.deposits.domain import AssignmentState
from payment.deposits.tables import NOTE, DepositAssignment

router = APIRouter(prefix="/staff/deposits", tags=["staff: deposits"])
Reader = Annotated[Principal, Depends(permitted("deposits.read"))]
Assigner = Annotated[Principal, Depends(permitted("deposits.assign"))]
CheckoutDep = Annotated[Checkout, provided(Checkout)]


class Assigning(BaseModel):
    """``note`` says how it is known."""

    model_config = ConfigDict(extra="forbid")

    bill_id: UUID
    note: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]


class AssignmentView(BaseModel):
    """Rial: what ``counts`` for the bill and what ``goes_back``, as of the proposal until it is approved."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    deposit_id: UUID
    bill_id: UUID
    state: AssignmentState
    counts: int
    goes_back: int
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None


class NotedAssignment(AssignmentView):
    """With the sealed ``note``, which no answer that is kept for a repeated request has."""

    note: str

    @classmethod
    def of(cls, row: DepositAssignment, checkout: Checkout) -> Self:
        note = checkout.keyring.open(row.note, NOTE).decode()
        return cls(**AssignmentView.model_validate(row).model_dump(), note=note)


class Assignments(BaseModel):
    items: list[NotedAssignment]
    next_cursor: UUID | None


@router.get("/assignments", summary="Bills that were proposed for deposits, the longest waiting first")
async def list_assignments(
    _: Reader,
    db: Db,
    checkout: CheckoutDep,
    state: AssignmentState = AssignmentState.PROPOSED,
    cursor: UUID | None = None,
) -> Assignments:
    async with db.transaction() as session:
        rows = await assigning.page(session, state, cursor)
    following = rows[-1].id if len(rows) == assigning.PAGE else None
    return Assignments(items=[NotedAssignment.of(row, checkout) for row in rows], next_cursor=following)


@router.post(
    "/{deposit_id}/assignments",
    status_code=201,
    summary="Propose the bill of a deposit whose pair of ids no bill has",
    responses={409: {"description": "deposit_has_its_bill, assignment_open"}},
)
async def propose(
    deposit_id: UUID,
    command: Assigning,
    by: Assigner,
    db: Db,
    checkout: CheckoutDep,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> AssignmentView:
    async with db.transaction() as session:

        async def propose() -> AssignmentView:
            row = await assigning.propose(
                session, checkout, deposit_id, command.bill_id, command.note, by.subject
            )
            await _note(session, "proposed", row, by, client, checkout)
            return AssignmentView.model_validate(row)

        scope = f"{by.subject} assign {deposit_id}"
        return await once(session, key, scope, command, AssignmentView, propose)


@router.post("/assignments/{assignment_id}/approval", summary="Approve what a colleague proposed")
async def approve(
    assignment_id: UUID, by: Assigner, db: Db, checkout: CheckoutDep, client: ClientNetwork
) -> AssignmentView:
    return await _decide(assignment_id, "approve", by, db, checkout, client)


@router.post("/assignments/{assignment_id}/refusal", summary="Refuse what a colleague proposed")
async def refuse(
    assignment_id: UUID, by: Assigner, db: Db, checkout: CheckoutDep, client: ClientNetwork
) -> AssignmentView:
    return await _decide(assignment_id, "refuse", by, db, checkout, client)


async def _decide(
    assignment_id: UUID,
    decision: Literal["approve", "refuse"],
    by: Principal,
    db: Db,
    checkout: Checkout,
    client: str,
) -> AssignmentView:
    async with db.transaction() as session:
        row = await assigning.decide(session, checkout, assignment_id, decision, by.subject)
        await _note(session, f"{decision}d", row, by, client, checkout)
        return AssignmentView.model_validate(row)


async def _note(
    session: AsyncSession, deed: str, row: DepositAssignment, by: Principal, client: str, checkout: Checkout
) -> None:
    """Stands in the audit trail of the bill's buyer."""
    bill = await session.get_one(Bill, row.bill_id)
    entry = audit.Entry(
        action=f"payment.deposit_assignment.{deed}",
        actor=by.subject,
        subject=bill.customer_id,
        roles=by.roles,
        client=client,
        details={"assignment_id": row.id, "deposit_id": row.deposit_id, "bill_id": row.bill_id},
    )
    await audit.record(session, entry, at=checkout.clock())
