"""The deposits that banks told of."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.deposits.domain import Outcome
from payment.schema import Base, choice


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
