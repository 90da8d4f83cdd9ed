"""Refunds and the batches in which they are paid."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.refunds.domain import BatchState, RefundState, batch_moved, moved
from payment.schema import Base, choice

FILE = "refund_batches.file"
"""The context in which a batch's file is sealed."""


class RefundBatch(Base):
    """``file`` is the bank's transfer file, sealed: what one proposed, another approves and the bank gets.

    ``digest`` is its SHA-256, hex. Amounts are Rial.
    """

    __tablename__ = "refund_batches"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[BatchState] = mapped_column(choice(BatchState))
    refunds: Mapped[int] = mapped_column(Integer)
    amount: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def move(self, name: str) -> None:
        self.state = batch_moved(self.state, name)


class RefundTransfer(Base):
    """A refund in a batch; ``masked_iban`` is where to. ``outcome`` is None until the bank has answered."""

    __tablename__ = "refund_transfers"
    __table_args__ = (
        Index("refund_transfers_one_open", "refund_id", unique=True, postgresql_where=text("open")),
    )

    batch_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("refund_batches.id"), primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("refunds.id"), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    masked_iban: Mapped[str] = mapped_column(Text)
    open: Mapped[bool] = mapped_column(Boolean, default=True)
    outcome: Mapped[str | None] = mapped_column(Text)
    reference: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


class Refund(Base):
    """What sales asked for, in Rial: what was paid and the profit on it, less deductions."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="refunds_amount"),
        Index("refunds_waiting", "state", "id", postgresql_where=text("state <> 'paid'")),
        Index("refunds_customer", "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid)
    customer_id: Mapped[UUID] = mapped_column(Uuid)
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[RefundState] = mapped_column(choice(RefundState))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reference: Mapped[str | None] = mapped_column(Text)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    def move(self, name: str) -> None:
        self.state = moved(self.state, name)
        self.version += 1
