"""Taking statements in: each deposit once by its bank's reference, its money through the one way to settle.

The bills of a batch are locked in the order of their ids before anything is decided about them. What is
decided is written as sets: a statement of ten thousand rows is as many transactions as it has batches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.imports import BadRow, Batch, ImportKind, Line
from iran import tehran_date
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.deposits.domain import DIFFERS, KNOWN, Outcome, Standing, is_in_time
from payment.deposits.rows import DepositRow, Statement
from payment.deposits.settling import Money, pay, shares
from payment.deposits.tables import BankDeposit
from payment.differences import service as differences
from payment.differences.domain import Found, Reason, Source


def statements(checkout: Checkout) -> ImportKind[DepositRow]:
    return ImportKind("deposits", DepositRow, partial(take_in, checkout=checkout), Statement)


@dataclass
class _Desk:
    """What a batch is taken in with, and what comes of it."""

    bank: str
    bills: Mapping[tuple[str, str], Bill]
    standings: Mapping[UUID, Standing]
    money: list[Money] = field(default_factory=list)
    found: list[tuple[date, Found]] = field(default_factory=list)

    def differ(self, reason: Reason, row: DepositRow, bill: Bill | None, ours: int | None) -> None:
        one = Found(
            reason,
            key=f"{self.bank}:{row.reference}",
            institution=self.bank,
            reference=row.reference,
            bill_id=bill.id if bill else None,
            theirs=row.amount,
            ours=ours,
        )
        self.found.append((row.on, one))


async def take_in(session: AsyncSession, batch: Batch[DepositRow], *, checkout: Checkout) -> list[BadRow]:
    """The deposits that are new; those that are known are left out."""
    statement: Statement = batch.options
    bills = await _bills(session, {line.row.pair for line in batch.lines})
    standings = {bill.id: Standing(bill.outstanding, bill.state) for bill in bills.values()}
    desk = _Desk(statement.bank, bills, standings)
    fresh = await _write_down(session, desk, batch)
    numbers = {line.number for line in fresh}
    known = await _known(session, desk, [line for line in batch.lines if line.number not in numbers])
    going = [line.row.reference for line in fresh if _goes_back(desk, line.row)]
    await pay(session, checkout, desk.money)
    if going:
        moved = update(BankDeposit).where(BankDeposit.bank == desk.bank, BankDeposit.reference.in_(going))
        await session.execute(moved.values(outcome=Outcome.GOES_BACK))
    await differences.note(session, Source.DEPOSITS, desk.found, batch.now)
    return known


async def _bills(session: AsyncSession, pairs: set[tuple[str, str]]) -> Mapping[tuple[str, str], Bill]:
    """As a join with arrays: a thousand pairs in a list of conditions take longer to plan than to find."""
    ordered = sorted(pairs)
    columns = [bindparam(None, [pair[place] for pair in ordered], type_=ARRAY(Text)) for place in (0, 1)]
    wanted = (
        func.unnest(*columns).table_valued("bank_bill_id", "bank_payment_id", name="wanted").render_derived()
    )
    is_wanted = (Bill.bank_bill_id == wanted.c.bank_bill_id) & (
        Bill.bank_payment_id == wanted.c.bank_payment_id
    )
    statement = (
        select(Bill)
        .join(wanted, is_wanted)
        .order_by(Bill.id)
        .with_for_update(of=Bill)
        .execution_options(populate_existing=True)
    )
    return {
        (bill.bank_bill_id or "", bill.bank_payment_id or ""): bill
        for bill in await session.scalars(statement)
    }


async def _write_down(
    session: AsyncSession, desk: _Desk, batch: Batch[DepositRow]
) -> Sequence[Line[DepositRow]]:
    """The lines whose references are new, in the order of the file; of a repeated one, the first."""
    first: dict[str, Line[DepositRow]] = {}
    for line in batch.lines:
        first.setdefault(line.row.reference, line)
    rows = [_deposit(desk, batch, line) for line in first.values()]
    if not rows:
        return []
    statement = insert(BankDeposit).on_conflict_do_nothing().returning(BankDeposit.reference)
    written = set(await session.scalars(statement, rows))
    return [line for reference, line in first.items() if reference in written]


def _deposit(desk: _Desk, batch: Batch[DepositRow], line: Line[DepositRow]) -> dict[str, object]:
    row, bill = line.row, desk.bills.get(line.row.pair)
    return {
        "id": uuid7(),
        "import_id": batch.import_id,
        "line": line.number,
        "bank": desk.bank,
        "reference": row.reference,
        "bank_bill_id": row.bill_id,
        "bank_payment_id": row.payment_id,
        "amount": int(row.amount),
        "paid_on": row.on,
        "outcome": Outcome.COUNTED if bill else Outcome.UNKNOWN_BILL,
        "bill_id": bill.id if bill else None,
        "taken_at": batch.now,
    }


async def _known(session: AsyncSession, desk: _Desk, lines: Sequence[Line[DepositRow]]) -> list[BadRow]:
    """What is said of references that came before: the same again, or something else."""
    if not lines:
        return []
    stored = await session.scalars(
        select(BankDeposit).where(
            BankDeposit.bank == desk.bank, BankDeposit.reference.in_([line.row.reference for line in lines])
        )
    )
    before = {one.reference: one for one in stored}
    bad: list[BadRow] = []
    for line in lines:
        row, one = line.row, before[line.row.reference]
        if (one.amount, one.bank_bill_id, one.bank_payment_id) == (row.amount, *row.pair):
            bad.append(BadRow(line.number, "reference", "deposit_known", KNOWN))
        else:
            bad.append(BadRow(line.number, "reference", "deposit_differs", DIFFERS))
            desk.differ(Reason.SAME_REFERENCE, row, desk.bills.get(row.pair), one.amount)
    return bad


def _goes_back(desk: _Desk, row: DepositRow) -> bool:
    """Shares a deposit out; whether all of its money goes back."""
    bill = desk.bills.get(row.pair)
    if bill is None:
        desk.differ(Reason.UNKNOWN_BILL, row, None, None)
        return False
    standing = desk.standings[bill.id]
    before = standing.outstanding
    share = standing.share(row.amount, in_time=is_in_time(row.on, tehran_date(bill.due_at)))
    desk.money += shares(bill, share, f"{desk.bank}-{row.reference}", standing.outstanding)
    if share.reason is not None:
        desk.differ(share.reason, row, bill, before)
    return not share.counts
