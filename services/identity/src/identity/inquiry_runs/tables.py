from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class InquiryRun(Base):
    """A re-check of a list of customers. ``customer_ids`` None means everybody.

    ``position`` is the last customer whose inquiries were put in, ``listed`` whether all are in.
    ``progress`` keeps the figures of one that is over.
    """

    __tablename__ = "inquiry_runs"
    __table_args__ = (
        Index(
            "inquiry_runs_one_at_a_time",
            text("(true)"),
            unique=True,
            postgresql_where=text("state IN ('running', 'paused')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    customer_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    state: Mapped[str]
    position: Mapped[UUID | None]
    listed: Mapped[bool]
    started_by: Mapped[UUID]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    progress: Mapped[dict[str, int] | None] = mapped_column(JSONB)
