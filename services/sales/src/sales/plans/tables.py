"""Sales plans and what they offer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sales.schema import Base


class Plan(Base):
    """``pay_within`` is how long an order holds a car before it is paid."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint("closes_at > opens_at", "plans_open_before_close"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    circular: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    method: Mapped[str]
    stage: Mapped[str] = mapped_column(index=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    pay_within: Mapped[timedelta]
    minimum_age: Mapped[int]
    required_inquiries: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    created_by: Mapped[UUID]
    version: Mapped[int]

    offerings: Mapped[list["Offering"]] = relationship(
        order_by="Offering.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Offering(Base):
    """A model, trim and its colours; money in Rial. ``sold`` counts the cars held or bought."""

    __tablename__ = "offerings"
    __table_args__ = (
        CheckConstraint("sold >= 0 AND sold <= capacity", "offerings_never_oversold"),
        CheckConstraint("prepayment > 0 AND prepayment <= price", "offerings_prepayment"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    model: Mapped[str]
    trim: Mapped[str]
    colours: Mapped[list[str]] = mapped_column(ARRAY(Text))
    price: Mapped[int] = mapped_column(BigInteger)
    prepayment: Mapped[int] = mapped_column(BigInteger)
    delivery_from: Mapped[date | None]
    delivery_until: Mapped[date | None]
    capacity: Mapped[int]
    sold: Mapped[int] = mapped_column(default=0)
