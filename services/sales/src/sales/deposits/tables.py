"""What banks have blocked, of whom, for which plan."""

from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class BlockedDeposit(Base):
    """``amount`` is Rial; ``live`` when it counts for the plan now. ``version`` is payment's."""

    __tablename__ = "blocked_deposits"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    bank: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    live: Mapped[bool]
    version: Mapped[int]
