"""The journal. The database refuses an entry that does not sum to zero, and any change of what is written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.ledger.domain import EntryKind
from payment.schema import Base, choice


class LedgerEntry(Base):
    """Of a payment, or of a refund."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("payment_id", "kind", name="ledger_entries_once"),
        UniqueConstraint("refund_id", "kind", name="ledger_entries_refund_once"),
        CheckConstraint("(payment_id IS NULL) <> (refund_id IS NULL)", name="ledger_entries_cause"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    payment_id: Mapped[UUID | None] = mapped_column(Uuid)
    refund_id: Mapped[UUID | None] = mapped_column(Uuid)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerPosting(Base):
    __tablename__ = "ledger_postings"
    __table_args__ = (
        Index("ledger_postings_order", "order_id"),
        Index("ledger_postings_account", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ledger_entries.id"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid)
    amount: Mapped[int] = mapped_column(BigInteger)
