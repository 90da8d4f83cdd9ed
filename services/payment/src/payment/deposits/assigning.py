"""A deposit whose pair of ids no bill has is given one by hand: somebody proposes it, another one decides.

Its money then takes the way of all deposits. Rows are locked in the order assignment, bill, deposit.
"""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.four_eyes import AlreadyDecided, decide_by_another
from chassis.logging import get_logger
from iran import tehran_date
from payment.bills import service as bills
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.deposits.domain import (
    AssignmentIsOpen,
    AssignmentState,
    DepositHasItsBill,
    Outcome,
    Sharing,
    is_in_time,
    shared,
)
from payment.deposits.settling import pay, shares
from payment.deposits.tables import NOTE, BankDeposit, DepositAssignment
from payment.differences import service as differences
from payment.differences.domain import Found, Reason, Source

PAGE = 100
log = get_logger(__name__)


async def propose(
    session: AsyncSession, checkout: Checkout, deposit_id: UUID, bill_id: UUID, note: str, by: UUID
) -> DepositAssignment:
    """Raises ``NotFound``, ``DepositHasItsBill`` or ``AssignmentIsOpen``."""
    deposit = await _unassigned(session, deposit_id)
    bill = await bills.find(session, Bill.id == bill_id)
    if bill is None:
        raise NotFound
    if await _open_one(session, deposit_id):
        raise AssignmentIsOpen
    share = _share(deposit, bill)
    assignment = DepositAssignment(
        id=uuid7(),
        deposit_id=deposit.id,
        bill_id=bill.id,
        state=AssignmentState.PROPOSED,
        counts=share.counts,
        goes_back=share.goes_back,
        note=checkout.keyring.seal(note.encode(), NOTE),
        proposed_by=by,
        proposed_at=checkout.clock(),
    )
    session.add(assignment)
    await session.flush()
    log.info("payment.deposit_assignment.proposed", assignment_id=assignment.id, deposit_id=deposit.id)
    return assignment


async def decide(
    session: AsyncSession,
    checkout: Checkout,
    assignment_id: UUID,
    decision: Literal["approve", "refuse"],
    by: UUID,
) -> DepositAssignment:
    """Raises ``NotFound``, ``AlreadyDecided``, or ``SamePerson`` for who proposed it or whose bill it is."""
    found = select(DepositAssignment).where(DepositAssignment.id == assignment_id).with_for_update()
    assignment = await session.scalar(found)
    if assignment is None:
        raise NotFound
    if assignment.state is not AssignmentState.PROPOSED:
        raise AlreadyDecided
    bill = await bills.find(session, Bill.id == assignment.bill_id, lock=True)
    assert bill is not None, "bills are never deleted"
    decide_by_another(by, assignment.proposed_by, bill.customer_id)
    assignment.decide(decision, by, checkout.clock())
    if decision == "approve":
        await _carry_out(session, checkout, assignment, bill)
    log.info(f"payment.deposit_assignment.{assignment.state}", assignment_id=assignment.id)
    return assignment


async def _carry_out(
    session: AsyncSession, checkout: Checkout, assignment: DepositAssignment, bill: Bill
) -> None:
    deposit = await _unassigned(session, assignment.deposit_id)
    outstanding, share = bill.outstanding, _share(deposit, bill)
    assignment.counts, assignment.goes_back = share.counts, share.goes_back
    deposit.bill_id = bill.id
    deposit.outcome = Outcome.COUNTED if share.counts else Outcome.GOES_BACK
    reference = f"{deposit.bank}-{deposit.reference}"
    await pay(session, checkout, shares(bill, share, reference, outstanding - share.counts))
    note = checkout.keyring.open(assignment.note, NOTE).decode()
    key, now = f"{deposit.bank}:{deposit.reference}", checkout.clock()
    await differences.explain(
        session,
        checkout.keyring,
        Source.DEPOSITS,
        (key, Reason.UNKNOWN_BILL),
        assignment.proposed_by,
        note,
        now,
    )
    if share.reason is not None:
        found = Found(
            share.reason,
            key=key,
            institution=deposit.bank,
            reference=deposit.reference,
            bill_id=bill.id,
            theirs=deposit.amount,
            ours=outstanding,
        )
        await differences.note(session, Source.DEPOSITS, [(deposit.paid_on, found)], now)


def _share(deposit: BankDeposit, bill: Bill) -> Sharing:
    in_time = is_in_time(deposit.paid_on, tehran_date(bill.due_at))
    return shared(deposit.amount, bill.outstanding, bill.state, in_time=in_time)


async def _unassigned(session: AsyncSession, deposit_id: UUID) -> BankDeposit:
    """Locked."""
    found = select(BankDeposit).where(BankDeposit.id == deposit_id).with_for_update()
    deposit = await session.scalar(found.execution_options(populate_existing=True))
    if deposit is None:
        raise NotFound
    if deposit.outcome is not Outcome.UNKNOWN_BILL:
        raise DepositHasItsBill
    return deposit


async def _open_one(session: AsyncSession, deposit_id: UUID) -> bool:
    found = select(DepositAssignment.id).where(
        DepositAssignment.deposit_id == deposit_id, DepositAssignment.state == AssignmentState.PROPOSED
    )
    return await session.scalar(found) is not None


async def page(
    session: AsyncSession, state: AssignmentState, after: UUID | None
) -> Sequence[DepositAssignment]:
    """The longest waiting first."""
    query = select(DepositAssignment).where(DepositAssignment.state == state).order_by(DepositAssignment.id)
    if after is not None:
        query = query.where(DepositAssignment.id > after)
    return (await session.scalars(query.limit(PAGE))).all()
