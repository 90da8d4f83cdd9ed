"""Where cars are handed over."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Dealership(Base):
    """``province`` is the official Persian name; ``search_key`` is the matching key of name and city.

    ``weekly_hours`` is a ``dealerships.hours.Week``.
    """

    __tablename__ = "dealerships"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    province: Mapped[str] = mapped_column(index=True)
    city: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    hours: Mapped[str]
    weekly_hours: Mapped[dict[str, object]] = mapped_column(default=dict)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    search_key: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class OfficeHours(Base):
    """When the head office can be called from a day on; ``weekly_hours`` is a ``dealerships.hours.Week``."""

    __tablename__ = "office_hours"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    phone: Mapped[str]
    weekly_hours: Mapped[dict[str, object]]
