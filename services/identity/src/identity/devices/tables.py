from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class Device(Base):
    """A device on which the person completed a second factor.

    ``agent`` is what it calls itself, ``network`` the part of its address that is shown; ``place_mac``
    recognises the whole address together with the agent.
    """

    __tablename__ = "devices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    agent: Mapped[str | None]
    network: Mapped[str]
    place_mac: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
