"""The bills, and what payment knows of the orders they are for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.bills.domain import BillState, Purpose, VoidReason, moved
from payment.schema import Base, choice


class Bill(Base):
    """``amount`` and ``paid`` are Rial; ``paid`` is what verified payments hold for it now.

    The bank's pair is missing when a payment id cannot carry the amount: such a bill is paid online.
    ``payable_late``: it can be paid after it is due, too. ``remind_at`` is when the buyer is told next
    that it is, or was, due.
    """

    __tablename__ = "bills"
    __table_args__ = (
        UniqueConstraint("bank_bill_id", "bank_payment_id", name="bills_bank_pair"),
        Index("bills_order", "order_id"),
        Index("bills_remind", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
        CheckConstraint("amount > 0", name="bills_amount"),
        CheckConstraint("paid BETWEEN 0 AND amount", name="bills_paid"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid)
    customer_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    amount: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[BillState] = mapped_column(choice(BillState), default=BillState.OPEN)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    bank_bill_id: Mapped[str | None] = mapped_column(Text)
    bank_payment_id: Mapped[str | None] = mapped_column(Text)
    payable_late: Mapped[bool] = mapped_column(Boolean, default=False)
    cancelled_for: Mapped[VoidReason | None] = mapped_column(Text)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    @property
    def outstanding(self) -> int:
        return self.amount - self.paid

    def receive(self, amount: int) -> None:
        """Counts money for the bill, which is paid when nothing is outstanding."""
        self.paid += amount
        if self.outstanding:
            self.version += 1
        else:
            self._move(BillState.PAID)

    def void(self, reason: VoidReason) -> None:
        """Lets go of the money that it held, since nobody owes it any more."""
        self.paid = 0
        if self.state is not BillState.CANCELLED:
            self._move(BillState.CANCELLED)
            self.cancelled_for = reason

    def _move(self, to: BillState) -> None:
        self.state = moved(self.state, to)
        self.remind_at = None
        self.version += 1


class BilledOrder(Base):
    """An order that payment has heard of. The row is what handlers of one order wait for each other on.

    ``lapsed_at`` is when it ended, in whatever way. ``customer_id`` is who took it over, as of ``version``.
    """

    __tablename__ = "billed_orders"

    order_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    customer_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))


class RequestedBill(Base):
    """A bill that sales has asked for, postponed or withdrawn; what is withdrawn first is never issued."""

    __tablename__ = "requested_bills"

    bill_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    postponed_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
