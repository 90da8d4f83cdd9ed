"""The money that is owed back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.schema import Base

IS_OWED = text("done_at IS NULL")


class OwedReturn(Base):
    """All the money of one payment goes back; ``done_at`` is when the provider said that it did.

    ``by_transfer``: to the buyer's Sheba, since the provider has no way to send it back.
    """

    __tablename__ = "owed_returns"
    __table_args__ = (Index("owed_returns_due", "next_try_at", postgresql_where=IS_OWED),)

    payment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("payments.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    owed_since: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_transfer: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
