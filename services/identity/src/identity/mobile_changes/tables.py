from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base

NEW_MOBILE = "mobile_changes.mobile"


class MobileChange(Base):
    """The mobile (sealed) that a customer wants, and that the code of the challenge was sent to."""

    __tablename__ = "mobile_changes"
    __table_args__ = (Index("mobile_changes_customer", "customer_id"),)

    challenge_id: Mapped[UUID] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    mobile: Mapped[bytes]
    asked_at: Mapped[datetime]
