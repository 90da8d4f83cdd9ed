"""The people notify can reach."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
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


class OptOut(Base):
    """A customer who wants no texts in bulk, since ``at``."""

    __tablename__ = "opt_outs"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
