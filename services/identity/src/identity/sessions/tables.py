from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class Session(Base):
    """A login on one device. Only a refresh token of the present ``generation`` continues it.

    ``device`` is what the device calls itself, ``device_id`` the remembered one, if it is;
    ``proof`` names the strongest second factor that was presented.
    """

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    generation: Mapped[int]
    device: Mapped[str | None]
    network: Mapped[str | None]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id", ondelete="SET NULL"), index=True)
    proof: Mapped[str] = mapped_column(server_default="sms")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    idle_until: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
