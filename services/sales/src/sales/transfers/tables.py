"""Contracts on their way to another person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Transfer(Base):
    """A contract offered to ``to_customer_id``: None when nobody here has the national code that was given,
    which the owner is not told. The rows stay: they are the history of owners.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        Index(
            "transfers_one_open",
            "order_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'accepted')"),
        ),
        Index("transfers_to", "to_customer_id"),
        Index("transfers_of_order", "order_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    from_customer_id: Mapped[UUID]
    to_customer_id: Mapped[UUID | None]
    state: Mapped[str]
    proposed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    version: Mapped[int]
