"""Sales plans and what they offer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sales.schema import Base


class Plan(Base):
    """``pay_within`` is how long a first-come order holds a car before it is paid.

    ``terms`` are ``plans.terms.PlanTerms``. ``quota_handover`` lists the classes, in their order, to whom the
    seats go that a class does not use; at ``quota_handover_at`` the first of them gets those of a first-come
    plan by itself, once. ``rule_set_id`` adds to the rules that hold for every plan.
    """

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", "plans_open_before_close"),
        Index(
            "plans_to_hand_over",
            "quota_handover_at",
            postgresql_where=text("quota_handover_at IS NOT NULL AND handed_over_at IS NULL"),
        ),
    )

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
    quota_handover_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
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


class OfferingPrice(Base):
    """What an offering costs from a day on (Rial); ``applied_at`` is when the offering took it over."""

    __tablename__ = "offering_prices"
    __table_args__ = (
        UniqueConstraint("offering_id", "valid_from", name="offering_prices_one_a_day"),
        CheckConstraint("prepayment > 0 AND prepayment <= price", "offering_prices_prepayment"),
        Index("offering_prices_coming", "valid_from", postgresql_where=text("applied_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"))
    valid_from: Mapped[date]
    price: Mapped[int] = mapped_column(BigInteger)
    prepayment: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


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
