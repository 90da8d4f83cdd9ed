"""Contracts: what an order becomes with its first payment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Contract(Base):
    """``terms`` are frozen as they were in the order; ``template_id`` names the words around them.

    ``settled_at`` is when the last of the price came.
    """

    __tablename__ = "contracts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(index=True)
    payment_id: Mapped[UUID]
    terms: Mapped[dict[str, object]]
    activated_at: Mapped[datetime]
    template_id: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]


class Addendum(Base):
    """What changed of a contract at a time: the names and values that differ, before and after.

    A row is never changed. ``owner`` is a customer's id; money in Rial; ``terms`` are as an order keeps them.
    """

    __tablename__ = "contract_addenda"
    __table_args__ = (Index("contract_addenda_of_order", "order_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    kind: Mapped[str]
    at: Mapped[datetime]
    before: Mapped[dict[str, object]]
    after: Mapped[dict[str, object]]


class ContractTemplate(Base):
    """One version of the contract's words; a version is never edited, and one is active.

    ``sections`` is a list of ``{heading, text}``; a text may name the fields of ``wording.FIELDS`` in braces.
    """

    __tablename__ = "contract_templates"
    __table_args__ = (
        Index("contract_templates_active", "active", unique=True, postgresql_where=text("active")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    sections: Mapped[list[dict[str, object]]]
    active: Mapped[bool]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
