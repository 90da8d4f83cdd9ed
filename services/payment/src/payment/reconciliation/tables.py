"""The days that are reconciled, and what providers' files say of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.payments.tables import Payment
from payment.reconciliation.domain import Method
from payment.schema import Base, choice


class Reconciliation(Base):
    """A provider's day. Of one that goes payment by payment, ``last_at`` and ``last_id`` are how far it is.

    ``looked_at`` and ``differing`` count payments, or lines of the file.
    """

    __tablename__ = "reconciliations"
    __table_args__ = (
        Index(
            "reconciliations_once", "provider", "day", unique=True, postgresql_where=text("import_id IS NULL")
        ),
        Index("reconciliations_of_file", "import_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    method: Mapped[Method] = mapped_column(choice(Method))
    import_id: Mapped[UUID | None] = mapped_column(Uuid)
    looked_at: Mapped[int] = mapped_column(Integer)
    differing: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_id: Mapped[UUID | None] = mapped_column(Uuid)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SettlementRow(Base):
    """A line of a provider's file: money that it took, or sent back, on a day; ``amount`` is Rial."""

    __tablename__ = "settlement_rows"
    __table_args__ = (Index("settlement_rows_day", "provider", "day"),)

    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    provider: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    authority: Mapped[str | None] = mapped_column(Text)
    reference: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    returned: Mapped[bool] = mapped_column(Boolean)


Index("payments_day", Payment.provider, Payment.started_at, Payment.id)
