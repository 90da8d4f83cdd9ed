from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base

MOBILE = "password_resets.mobile"


class PasswordReset(Base):
    """A request for a new password; ``mobile`` is what was typed, sealed.

    ``customer_id`` is empty when the national code and the mobile are nobody's: such a request behaves
    like any other, but no code opens it. It is over when it was used or another one of the person was.
    """

    __tablename__ = "password_resets"
    __table_args__ = (
        Index("password_resets_customer", "customer_id", postgresql_where=text("ended_at IS NULL")),
        Index("password_resets_challenge", "challenge_id"),
        Index("password_resets_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    national_code_index: Mapped[str]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    mobile: Mapped[bytes]
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenges.id"))
    code_sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
