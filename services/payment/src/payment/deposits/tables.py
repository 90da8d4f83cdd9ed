"""The deposits that banks told of, and what staff say of those whose bill is not known."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.deposits.domain import AssignmentState, Outcome, assignment_moved
from payment.schema import Base, choice

NOTE = "deposit_assignments.note"
"""The context in which a note is sealed: people write what they like."""


class BankDeposit(Base):
    """A line of a statement that was taken in, once by its bank's ``reference``; ``amount`` is Rial.

    ``import_id`` and ``line`` are where it was first seen.
    """

    __tablename__ = "bank_deposits"
    __table_args__ = (
        UniqueConstraint("bank", "reference", name="bank_deposits_once"),
        Index("bank_deposits_import", "import_id", "line"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    import_id: Mapped[UUID] = mapped_column(Uuid)
    line: Mapped[int] = mapped_column(Integer)
    bank: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    bank_bill_id: Mapped[str] = mapped_column(Text)
    bank_payment_id: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    bill_id: Mapped[UUID | None] = mapped_column(Uuid)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DepositAssignment(Base):
    """The bill that somebody of the staff says a deposit is for; another one decides.

    ``counts`` and ``goes_back`` (Rial) are what it comes to for the bill: as it stood when it was proposed,
    and once it is approved, as it was booked.
    """

    __tablename__ = "deposit_assignments"
    __table_args__ = (
        Index(
            "deposit_assignments_one_open",
            "deposit_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'approved')"),
        ),
        Index("deposit_assignments_state", "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    deposit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("bank_deposits.id"))
    bill_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("bills.id"))
    state: Mapped[AssignmentState] = mapped_column(choice(AssignmentState))
    counts: Mapped[int] = mapped_column(BigInteger)
    goes_back: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def decide(self, decision: str, by: UUID, at: datetime) -> None:
        self.state = assignment_moved(self.state, decision)
        self.decided_by, self.decided_at = by, at
