"""What sales keeps of identity's customers, from their events."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Customer(Base):
    """``national_code_index`` is the blind index (hex) under the key with the number ``index_generation``.

    ``province`` is that of the residence.
    """

    __tablename__ = "customers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    national_code_index: Mapped[str] = mapped_column(index=True)
    index_generation: Mapped[int] = mapped_column(index=True, server_default="1")
    birth_date: Mapped[date]
    province: Mapped[str]
    mobile_verified: Mapped[bool]
    version: Mapped[int]


class Disablement(Base):
    """Whether identity has disabled the account, as of the customer's ``version``.

    A table of its own, since it may be heard of before the customer is.
    """

    __tablename__ = "disablements"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    disabled: Mapped[bool]
    version: Mapped[int]


class CustomerInquiry(Base):
    """What identity last heard about a customer in one respect; ``pending`` about data it has not asked yet.

    ``version`` is the inquiry's.
    """

    __tablename__ = "customer_inquiries"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    result: Mapped[str]
    version: Mapped[int]
