"""What lists say about people, and what was found about orders."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Fact(Base):
    """What a list says about a person; ``subject`` is the blind index of the national code.

    It is under the key with the number ``index_generation``. One person may have several ``item``s of one
    fact, such as two plates.
    """

    __tablename__ = "facts"
    __table_args__ = (Index("facts_of_import", "import_id"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, object]]
    source: Mapped[str]
    imported_at: Mapped[datetime]
    import_id: Mapped[UUID]
    index_generation: Mapped[int] = mapped_column(server_default="1")


class OrderCheck(Base):
    """The evidence of one check of one order: the ``verdicts`` of each rule with input and source."""

    __tablename__ = "order_checks"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(primary_key=True)
    passed: Mapped[bool]
    rule_set_id: Mapped[UUID | None]
    verdicts: Mapped[list[dict[str, object]]]


class Recheck(Base):
    """A run through all live orders of a plan, resumed after ``last_customer_id`` until it is finished.

    Nobody requested what started by itself.
    """

    __tablename__ = "rechecks"
    __table_args__ = (
        Index("rechecks_one_at_a_time", "plan_id", unique=True, postgresql_where=text("finished_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    requested_by: Mapped[UUID | None]
    requested_at: Mapped[datetime]
    last_customer_id: Mapped[UUID | None]
    total: Mapped[int]
    checked: Mapped[int]
    unknown: Mapped[int]
    voided: Mapped[int]
    finished_at: Mapped[datetime | None]
