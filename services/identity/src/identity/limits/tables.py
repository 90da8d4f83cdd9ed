from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class QuotaUse(Base):
    """How much of a quota is used up in its present window."""

    __tablename__ = "quota_uses"

    name: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int]
    renews_at: Mapped[datetime] = mapped_column(index=True)


class SecretTries(Base):
    """Tries at secrets that did not succeed, or have not yet."""

    __tablename__ = "secret_tries"

    name: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    blocked_until: Mapped[datetime]
    forget_at: Mapped[datetime] = mapped_column(index=True)
