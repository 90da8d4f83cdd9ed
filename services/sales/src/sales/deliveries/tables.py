"""Cars that are somebody's."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base

_HELD = text("released_at IS NULL")


class Car(Base):
    """A car and the order it is allocated to, with the days of its steps.

    The car of an order that is over is released when another order takes it. ``import_id`` is the file that
    allocated it.
    """

    __tablename__ = "cars"
    __table_args__ = (
        Index("cars_vin", "vin", unique=True, postgresql_where=_HELD),
        Index("cars_order", "order_id", unique=True, postgresql_where=_HELD),
        Index("cars_invoice_number", "invoice_number", unique=True, postgresql_where=_HELD),
        Index("cars_plate", "plate", unique=True, postgresql_where=_HELD),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vin: Mapped[str]
    order_id: Mapped[UUID]
    allocated_on: Mapped[date]
    invoice_number: Mapped[str | None]
    invoiced_on: Mapped[date | None]
    plate: Mapped[str | None]
    plated_on: Mapped[date | None]
    sent_to_dealer_on: Mapped[date | None]
    ready_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    import_id: Mapped[UUID | None]
    released_at: Mapped[datetime | None]
