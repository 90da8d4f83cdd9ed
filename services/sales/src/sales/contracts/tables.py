"""Contracts: what an order becomes with its first payment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Contract(Base):
    """``terms`` are frozen as they were in the order."""

    __tablename__ = "contracts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(index=True)
    payment_id: Mapped[UUID]
    terms: Mapped[dict[str, object]]
    activated_at: Mapped[datetime]
