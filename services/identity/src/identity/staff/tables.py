from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class RoleChange(Base):
    """Roles that wait for a second admin; ``decision`` is empty until then."""

    __tablename__ = "role_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    dealership_id: Mapped[UUID | None]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]
