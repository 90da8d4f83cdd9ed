"""Days that are worked, or not, whatever weekend and holidays say."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class CalendarOverride(Base):
    """``scope`` is ``bank`` (deadlines of payments) or ``office`` (desks); ``reason`` is for people.

    ``applied_after`` is the last invitation whose deadline was gone through, until ``applied_at``.
    """

    __tablename__ = "calendar_overrides"

    day: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    working: Mapped[bool]
    reason: Mapped[str]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    applied_after: Mapped[UUID | None]
    applied_at: Mapped[datetime | None]
