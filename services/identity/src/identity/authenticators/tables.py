from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class Authenticator(Base):
    """An authenticator app; it counts from ``confirmed_at``. ``last_step`` is the newest one used."""

    __tablename__ = "authenticators"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    secret: Mapped[bytes]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class StoredRecoveryCode(Base):
    """``selector`` finds a code among the person's; ``code_hash`` is the Argon2id hash of all of it."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("customer_id", "selector", name="uq_recovery_codes_customer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("authenticators.customer_id", ondelete="CASCADE"))
    selector: Mapped[str]
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]
