"""Sales plans and what they offer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sales.schema import Base


class Plan(Base):
    """``pay_within`` is how long a first-come order holds a car before it is paid.

    ``terms`` are ``plans.terms.PlanTerms``. ``quota_handover`` lists the classes, in their order, to whom the
    seats go that a class does not use. ``rule_set_id`` adds to the rules that hold for every plan.
    """

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint("closes_at > opens_at", "plans_open_before_close"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    circular: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    method: Mapped[str]
    stage: Mapped[str] = mapped_column(index=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    pay_within: Mapped[timedelta]
    minimum_age: Mapped[int]
    required_inquiries: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    applicant_classes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{ordinary}")
    quota_handover: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    max_choices: Mapped[int] = mapped_column(server_default=text("1"))
    rule_set_id: Mapped[UUID | None]
    copied_from: Mapped[UUID | None]
    terms: Mapped[dict[str, object]] = mapped_column(server_default=text("'{}'"))
    created_by: Mapped[UUID]
    version: Mapped[int]

    offerings: Mapped[list["Offering"]] = relationship(
        order_by="Offering.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Offering(Base):
    """A model, trim and its colours; money in Rial. ``sold`` counts the cars held or bought."""

    __tablename__ = "offerings"
    __table_args__ = (
        CheckConstraint("sold >= 0 AND sold <= capacity", "offerings_never_oversold"),
        CheckConstraint("prepayment > 0 AND prepayment <= price", "offerings_prepayment"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    model: Mapped[str]
    trim: Mapped[str]
    colours: Mapped[list[str]] = mapped_column(ARRAY(Text))
    price: Mapped[int] = mapped_column(BigInteger)
    prepayment: Mapped[int] = mapped_column(BigInteger)
    delivery_from: Mapped[date | None]
    delivery_until: Mapped[date | None]
    delivery_days: Mapped[int | None]
    capacity: Mapped[int]
    sold: Mapped[int] = mapped_column(default=0)

    quotas: Mapped[list["Quota"]] = relationship(
        order_by="Quota.level, Quota.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Quota(Base):
    """A share of an offering: ``key`` is an applicant class, a dealership's id or a colour, by ``level``.

    Without ``capacity`` it only says that this dealership takes part. An offering without rows of a level is
    not divided by it. Seats that a class hands on move its capacity to the other's row, so the counters of
    an order are always those of its own class. Whoever moves ``sold`` has locked the offering.
    """

    __tablename__ = "quotas"
    __table_args__ = (CheckConstraint("sold >= 0 AND sold <= capacity", "quotas_never_oversold"),)

    offering_id: Mapped[UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    capacity: Mapped[int | None]
    sold: Mapped[int] = mapped_column(default=0)
