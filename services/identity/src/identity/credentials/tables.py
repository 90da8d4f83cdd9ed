from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class Credential(Base):
    """The Argon2id hash of a customer's password."""

    __tablename__ = "credentials"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime]
