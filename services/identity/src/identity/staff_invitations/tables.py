from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class StaffInvitation(Base):
    """Somebody is asked to join the staff. ``person`` is the sealed object of an ``Invitee``.

    ``invited_by`` is empty when it was the operator's command. ``code_mac`` is all that is kept of the
    code; there is none before a second admin has confirmed an invitation that makes an admin.
    """

    __tablename__ = "staff_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    national_code_index: Mapped[str] = mapped_column(index=True)
    index_generation: Mapped[int] = mapped_column(index=True, server_default="1")
    person: Mapped[bytes]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    dealership_id: Mapped[UUID | None]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    invited_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    code_mac: Mapped[str | None]
    tries: Mapped[int]
    expires_at: Mapped[datetime]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
