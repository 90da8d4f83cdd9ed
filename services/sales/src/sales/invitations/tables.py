"""Invitations to pay, the runs that issue them, and how their deadlines were put off."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base

IS_ISSUED = text("state = 'issued'")
IS_EXPIRED = text("state = 'expired'")


class Invitation(Base):
    """``amount`` is Rial; ``working_days`` were given at ``issued_at``; an order has one that is issued.

    ``gives_up_at`` is when an expired one becomes a cancellation; ``previous_id`` the one it replaces.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("amount > 0", name="invitations_amount"),
        Index("invitations_one_issued", "order_id", unique=True, postgresql_where=IS_ISSUED),
        Index("invitations_of_order", "order_id"),
        Index("invitations_due", "due_at", postgresql_where=IS_ISSUED),
        Index("invitations_given_up", "gives_up_at", postgresql_where=IS_EXPIRED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    purpose: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[UUID] = mapped_column(unique=True)
    state: Mapped[str]
    working_days: Mapped[int]
    issued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    gives_up_at: Mapped[datetime | None]
    previous_id: Mapped[UUID | None]


class InvitationRun(Base):
    """A batch of invitations that staff asked for: the drawn of a plan, or the contracts of a delivery month.

    It goes on after the order ``position``; ``skipped`` were not in a state to be invited.
    """

    __tablename__ = "invitation_runs"
    __table_args__ = (
        Index(
            "invitation_runs_one_at_a_time",
            "plan_id",
            "purpose",
            unique=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    purpose: Mapped[str]
    offering_id: Mapped[UUID | None]
    delivered_from: Mapped[date | None]
    delivered_until: Mapped[date | None]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    position: Mapped[UUID | None]
    issued: Mapped[int]
    skipped: Mapped[int]
    finished_at: Mapped[datetime | None]


class InvitationShift(Base):
    """A deadline that was put off because a day turned out to be none of work."""

    __tablename__ = "invitation_shifts"

    invitation_id: Mapped[UUID] = mapped_column(primary_key=True)
    shifted_at: Mapped[datetime] = mapped_column(primary_key=True)
    day: Mapped[date]
    due_before: Mapped[datetime]
    due_after: Mapped[datetime]
