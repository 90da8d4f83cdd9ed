from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class Customer(Base):
    """A person with an account. Each ``bytes`` column is one field of the profile, sealed.

    ``index_generation`` is the number of the key that both indexes are under. ``version`` grows with every
    change that is published; ``roles`` is empty for a buyer. A member of the staff was appointed at
    ``appointed_at`` and needs an authenticator app from ``authenticator_due_at`` on, at once when it is
    empty. A dealer may be bound to a dealership. Who is disabled cannot enter.
    """

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_staff", "id", postgresql_where=text("roles <> '{}'")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    national_code_index: Mapped[str] = mapped_column(unique=True)
    mobile_index: Mapped[str] = mapped_column(index=True)
    index_generation: Mapped[int] = mapped_column(index=True, server_default="1")
    mobile_verified_at: Mapped[datetime]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    dealership_id: Mapped[UUID | None]
    registered_at: Mapped[datetime]
    appointed_at: Mapped[datetime | None]
    authenticator_due_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    national_code: Mapped[bytes]
    mobile: Mapped[bytes]
    first_name: Mapped[bytes]
    last_name: Mapped[bytes]
    father_name: Mapped[bytes]
    birth_date: Mapped[bytes]
    gender: Mapped[bytes]
    education: Mapped[bytes]
    occupation: Mapped[bytes]
    email: Mapped[bytes]
    iban: Mapped[bytes]
    address: Mapped[bytes]
    birth_certificate_number: Mapped[bytes]
