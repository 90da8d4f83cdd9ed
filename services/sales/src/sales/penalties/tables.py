"""The rates of delay penalties by their days, and the penalties that were credited."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class PenaltyRate(Base):
    """A rate is never edited: of several versions for one day the highest holds.

    ``monthly`` and ``yearly_deposit`` in basis points; ``source`` says where the figure comes from.
    """

    __tablename__ = "penalty_rates"
    __table_args__ = (
        UniqueConstraint("kind", "valid_from", "version", name="penalty_rates_versions"),
        CheckConstraint("monthly >= 0 AND yearly_deposit >= 0 AND divisor > 0", "penalty_rates_sensible"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    valid_from: Mapped[date]
    version: Mapped[int]
    monthly: Mapped[int]
    yearly_deposit: Mapped[int]
    divisor: Mapped[int]
    source: Mapped[str]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]


class DelayPenalty(Base):
    """What was credited for one order at its delivery, in Rial, with the lines as they were then."""

    __tablename__ = "delay_penalties"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str]
    due_on: Mapped[date]
    delivered_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[list[dict[str, object]]]
    credited_at: Mapped[datetime]
