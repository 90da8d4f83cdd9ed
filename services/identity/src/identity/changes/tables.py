from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base

VALUE = "profile_changes.value"
REASON = "profile_changes.reason"
PENDING = text("state = 'pending'")


class FieldPolicy(Base):
    """How a field of the profile changes, from ``valid_from`` until a later row of the field counts.

    ``approvals`` by different members of the staff; ``inquiries`` are asked once it has changed. A field
    without a row is locked.
    """

    __tablename__ = "field_policies"

    field: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    handling: Mapped[str]
    approvals: Mapped[int]
    inquiries: Mapped[list[str]] = mapped_column(ARRAY(Text))


class ProfileChange(Base):
    """A value that a person wants for a field which needs approval; ``value`` and ``reason`` are sealed.

    One of a field is pending at a time.
    """

    __tablename__ = "profile_changes"
    __table_args__ = (
        Index("profile_changes_customer", "customer_id", "id"),
        Index("profile_changes_live", "customer_id", "field", unique=True, postgresql_where=PENDING),
        Index("profile_changes_queue", "id", postgresql_where=PENDING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    field: Mapped[str]
    value: Mapped[bytes]
    asked_at: Mapped[datetime]
    approvals_needed: Mapped[int]
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    reason: Mapped[bytes | None]


class ChangeApproval(Base):
    """That a member of the staff is for a change."""

    __tablename__ = "change_approvals"

    change_id: Mapped[UUID] = mapped_column(ForeignKey("profile_changes.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    approved_at: Mapped[datetime]
