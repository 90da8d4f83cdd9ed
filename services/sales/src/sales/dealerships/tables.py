"""Where cars are handed over."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Dealership(Base):
    """``province`` is the official Persian name; ``search_key`` is the matching key of name and city."""

    __tablename__ = "dealerships"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    province: Mapped[str] = mapped_column(index=True)
    city: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    hours: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    search_key: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
