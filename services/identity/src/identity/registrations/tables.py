from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base

DRAFT = "registrations.draft"


class Registration(Base):
    """A form that waits for its code. ``draft`` is the sealed profile; it goes when the account comes.

    Several of one national code may wait at a time; ``replaced_at`` is when another one became the account.

    ``genuine`` is false when the national code had an account already: such a registration behaves
    like any other, but no code opens it.
    """

    __tablename__ = "registrations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    national_code_index: Mapped[str] = mapped_column(index=True)
    index_generation: Mapped[int] = mapped_column(index=True, server_default="1")
    genuine: Mapped[bool]
    draft: Mapped[bytes | None]
    password_hash: Mapped[str | None]
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenges.id"), index=True)
    code_sent_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    replaced_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
