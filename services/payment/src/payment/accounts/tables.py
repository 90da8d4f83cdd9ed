"""What payment keeps of identity's customers."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from payment.schema import Base

IBAN = "refund_accounts.iban"
NATIONAL_CODE = "buyers.national_code"


class RefundAccount(Base):
    """The person's Sheba, sealed; None from when it changed until the new one is found to be theirs.

    ``version`` is that of identity's inquiry about it.
    """

    __tablename__ = "refund_accounts"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    iban: Mapped[bytes | None]
    version: Mapped[int]


class Buyer(Base):
    """Who has which national code, sealed: a card may be bound to it. It never changes."""

    __tablename__ = "buyers"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    national_code: Mapped[bytes]
