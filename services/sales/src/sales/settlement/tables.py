"""Instalments, the bills that settle contracts, and the ceilings of the late fee."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Instalment(Base):
    """One row of a contract's schedule; Rial. Its bill is asked for some days before ``due_on``."""

    __tablename__ = "instalments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="instalments_amount"),
        Index("instalments_coming", "due_on", postgresql_where=text("state = 'coming'")),
        Index("instalments_bill", "bill_id", unique=True),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    state: Mapped[str]
    bill_id: Mapped[UUID | None]
    paid_at: Mapped[datetime | None]


class SettlementBill(Base):
    """A bill for the rest of the price or for late fees; one of a purpose is open at a time."""

    __tablename__ = "settlement_bills"
    __table_args__ = (
        Index(
            "settlement_bills_one_open",
            "order_id",
            "purpose",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("settlement_bills_due", "due_at", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    purpose: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]


class BillPart(Base):
    """A part of an instalment that came before the rest."""

    __tablename__ = "bill_parts"

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    bill_id: Mapped[UUID] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[datetime]


class LateFeeCap(Base):
    """From a day on, until the next row, no late fee is higher than ``rate`` (basis points a year)."""

    __tablename__ = "late_fee_caps"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[int]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
