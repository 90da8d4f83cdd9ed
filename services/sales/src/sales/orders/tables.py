"""Orders: one row is one person's request in one plan."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.keys.columns import PLAIN
from sales.schema import Base


class Order(Base):
    """The terms are those of the moment it was placed (``plans.terms.OrderTerms``); money in Rial.

    An order that waits for a draw names its first choice and has nothing to pay yet.
    ``timeline`` is a list of ``{state, at, rule?}``, oldest first. ``idempotency_key`` and ``fingerprint``
    (SHA-256 of the request) make a repeated request find its order. There are no foreign keys: the
    ids come from the catalogue in memory, and a launch writes thousands of rows a second.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index(
            "orders_one_live_per_plan",
            "plan_id",
            "customer_id",
            unique=True,
            postgresql_where=text("live"),
        ),
        Index("orders_of_customer", "customer_id", "idempotency_key", unique=True),
        Index("orders_unpaid", "pay_before", postgresql_where=text("state = 'awaiting_payment'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_number: Mapped[str] = mapped_column(unique=True)
    plan_id: Mapped[UUID]
    offering_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    dealership_id: Mapped[UUID]
    applicant_class: Mapped[str] = mapped_column(server_default="ordinary")
    title: Mapped[str]
    colour: Mapped[str | None]
    price: Mapped[int] = mapped_column(BigInteger)
    prepayment: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    live: Mapped[bool]
    version: Mapped[int]
    placed_at: Mapped[datetime]
    pay_before: Mapped[datetime | None]
    terms: Mapped[dict[str, object]] = mapped_column(server_default=text("'{}'"))
    timeline: Mapped[list[dict[str, object]]]
    idempotency_key: Mapped[str | None]
    fingerprint: Mapped[bytes] = mapped_column(info={PLAIN: "SHA-256 of the request"})
