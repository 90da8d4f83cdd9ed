"""The people notify can reach."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from notify.schema import Base

MOBILE = "contacts.mobile"
FIRST_NAME = "contacts.first_name"


class Contact(Base):
    """``mobile`` and ``first_name`` are sealed in the contexts ``MOBILE`` and ``FIRST_NAME``.

    ``version`` is the customer's at identity: what is not newer changes nothing.
    """

    __tablename__ = "contacts"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    mobile: Mapped[bytes]
    first_name: Mapped[bytes]
    version: Mapped[int]
