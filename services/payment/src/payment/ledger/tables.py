"""The journal, and what checking it found.

The database refuses an entry that does not sum to zero, and any change of what is written; the service's own
account has no right to one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
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
    __table_args__ = (Index("ledger_postings_order", "order_id"),)

    entry_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ledger_entries.id"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid)
    amount: Mapped[int] = mapped_column(BigInteger)


class LedgerCheck(Base):
    """A check of the whole journal; money is Rial, ``accounts`` are sums with debits above zero.

    ``difference`` is the sum of all postings, ``bills_difference`` what the bills say was paid less what the
    journal says: both are 0 when it is ``kept``. ``unbalanced`` entries are counted up to a limit.
    """

    __tablename__ = "ledger_checks"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept: Mapped[bool] = mapped_column(Boolean)
    postings: Mapped[int] = mapped_column(BigInteger)
    unbalanced: Mapped[int] = mapped_column(Integer)
    difference: Mapped[int] = mapped_column(BigInteger)
    bills_difference: Mapped[int] = mapped_column(BigInteger)
    accounts: Mapped[dict[str, int]] = mapped_column(JSONB)
