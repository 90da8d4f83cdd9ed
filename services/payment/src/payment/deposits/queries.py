"""Reads of deposits."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, Select, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from payment.deposits.domain import Outcome
from payment.deposits.tables import BankDeposit
from payment.differences.domain import Reason, Source
from payment.differences.tables import Difference

PAGE = 100
EXPORT_PAGE = 5_000
TITLES = (
    *("deposit_id", "import_id", "line", "bank", "reference", "bank_bill_id", "bank_payment_id", "amount"),
    *("paid_on", "outcome", "bill_id", "reason", "owner", "closed_at"),
)


Listed = Select[BankDeposit, Difference | None]
"""Deposits, and the difference of each that has one."""


@dataclass(frozen=True)
class Chosen:
    """Which deposits: of a file, with an outcome, those alone that ``differ`` from what was expected."""

    import_id: UUID | None = None
    outcome: Outcome | None = None
    differ: bool = False

    def of(self, statement: Listed) -> Listed:
        if self.import_id is not None:
            statement = statement.where(BankDeposit.import_id == self.import_id)
        if self.outcome is not None:
            statement = statement.where(BankDeposit.outcome == self.outcome)
        return statement.where(Difference.id.is_not(None)) if self.differ else statement


async def page(
    session: AsyncSession, chosen: Chosen, after: UUID | None, size: int = PAGE
) -> Sequence[Row[BankDeposit, Difference | None]]:
    """Deposits in the order in which they were taken in, each with its difference or None."""
    key = BankDeposit.bank + literal(":") + BankDeposit.reference
    of_it = (
        (Difference.source == Source.DEPOSITS)
        & (Difference.key == key)
        & (Difference.reason != Reason.SAME_REFERENCE)
        & or_(Difference.reason != Reason.UNKNOWN_BILL, BankDeposit.bill_id.is_(None))
    )
    statement = chosen.of(select(BankDeposit, Difference).outerjoin(Difference, of_it))
    if after is not None:
        statement = statement.where(BankDeposit.id > after)
    rows = await session.execute(statement.order_by(BankDeposit.id).limit(size))
    return rows.all()


async def exported(db: Database, chosen: Chosen) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Batches of rows with a cell for each of ``TITLES``."""
    after: UUID | None = None
    while True:
        async with db.transaction() as session:
            rows = await page(session, chosen, after, EXPORT_PAGE)
        if not rows:
            return
        yield [_cells(deposit, difference) for deposit, difference in rows]
        after = rows[-1][0].id


def _cells(deposit: BankDeposit, difference: Difference | None) -> Sequence[object]:
    minded = (difference.reason, difference.owner, difference.closed_at) if difference else (None,) * 3
    return (
        *(deposit.id, deposit.import_id, deposit.line, deposit.bank, deposit.reference),
        *(deposit.bank_bill_id, deposit.bank_payment_id, deposit.amount, deposit.paid_on),
        *(deposit.outcome, deposit.bill_id, *minded),
    )
