from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from identity.schema import Base


class SigningKeyRow(Base):
    """A key pair that signs access tokens; the private key is sealed."""

    __tablename__ = "signing_keys"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    private_key: Mapped[bytes]
    signs_from: Mapped[datetime]
