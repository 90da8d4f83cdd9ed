"""The differences that were found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, Index, LargeBinary, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.differences.domain import DifferenceIsClosed, MindedByAnother, NotMinded, Reason, Source
from payment.schema import Base, choice

NOTE = "differences.note"
"""The context in which a note is sealed: people write what they like."""


class Difference(Base):
    """``day`` is the Tehran day that it concerns; ``theirs`` and ``ours`` are Rial.

    Somebody of the staff is its ``owner`` and closes it with a ``note``.
    """

    __tablename__ = "differences"
    __table_args__ = (
        UniqueConstraint("source", "key", "reason", name="differences_once"),
        Index("differences_open", "source", "id", postgresql_where=text("closed_at IS NULL")),
        Index("differences_day", "day"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source: Mapped[Source] = mapped_column(choice(Source))
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    key: Mapped[str] = mapped_column(Text)
    institution: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    reference: Mapped[str | None] = mapped_column(Text)
    payment_id: Mapped[UUID | None] = mapped_column(Uuid)
    bill_id: Mapped[UUID | None] = mapped_column(Uuid)
    theirs: Mapped[int | None] = mapped_column(BigInteger)
    ours: Mapped[int | None] = mapped_column(BigInteger)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner: Mapped[UUID | None] = mapped_column(Uuid)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)

    def take(self, by: UUID, at: datetime, *, over: bool) -> None:
        """Raises ``DifferenceIsClosed``, or ``MindedByAnother`` unless it is taken ``over``."""
        if self.closed_at is not None:
            raise DifferenceIsClosed
        if self.owner == by:
            return
        if self.owner is not None and not over:
            raise MindedByAnother
        self.owner, self.taken_at = by, at

    def close(self, by: UUID, at: datetime, sealed_note: bytes) -> None:
        """Raises ``DifferenceIsClosed``, ``NotMinded`` or ``MindedByAnother``."""
        if self.closed_at is not None:
            raise DifferenceIsClosed
        if self.owner is None:
            raise NotMinded
        if self.owner != by:
            raise MindedByAnother
        self.closed_at, self.note = at, sealed_note
