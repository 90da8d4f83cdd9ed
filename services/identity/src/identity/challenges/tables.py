from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class Challenge(Base):
    """A code that was sent, or that looks as if it was; ``code_mac`` is all that is kept of it.

    ``customer_id`` is who logs in with it: none when it activates a registration, or when the person
    is unknown and must not notice. By the ``method`` totp no code was sent: the person's authenticator
    app makes it. ``person`` is whose tries are counted together, ``address`` who asked for the code,
    both as blind indexes.
    """

    __tablename__ = "challenges"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    method: Mapped[str] = mapped_column(server_default="sms")
    person: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str | None]
    code_mac: Mapped[str]
    tries: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
