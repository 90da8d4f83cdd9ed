"""Whom payment knows by the national code's index, the banks' lists, and what is blocked now."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Identity, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.blocked.domain import ListReason
from payment.schema import Base, choice


class Person(Base):
    """``national_code_index`` is identity's, under the key with the number ``index_generation``."""

    __tablename__ = "people"
    __table_args__ = (Index("people_national_code", "national_code_index"),)

    customer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    national_code_index: Mapped[str] = mapped_column(Text)
    index_generation: Mapped[int] = mapped_column(Integer)


class BankList(Base):
    """A list that is being taken in, or was: its ``id`` is the import's. ``least`` is Rial.

    ``matched`` and ``differing`` count its lines, ``released`` whom it named no more.
    """

    __tablename__ = "blocked_lists"
    __table_args__ = (Index("blocked_lists_open", "id", postgresql_where=text("closed_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    bank: Mapped[str] = mapped_column(Text)
    plan_id: Mapped[UUID] = mapped_column(Uuid)
    least: Mapped[int] = mapped_column(BigInteger)
    complete: Mapped[bool] = mapped_column(Boolean)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    matched: Mapped[int] = mapped_column(Integer)
    differing: Mapped[int] = mapped_column(Integer)
    released: Mapped[int] = mapped_column(Integer)


class BlockedDeposit(Base):
    """What a bank has, or had, blocked of a person for a plan; ``live`` when it counts now.

    ``list_id`` is the last list that named them; ``version`` grows with each change.
    """

    __tablename__ = "blocked_deposits"

    plan_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    bank: Mapped[str] = mapped_column(Text, primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    blocked_on: Mapped[date] = mapped_column(Date)
    live: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    list_id: Mapped[UUID] = mapped_column(Uuid)


class ListDifference(Base):
    """A line that is not simply a buyer's deposit; ``line`` is None of whom the list does not name."""

    __tablename__ = "blocked_differences"

    list_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("blocked_lists.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    line: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[ListReason] = mapped_column(choice(ListReason))
    customer_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount: Mapped[int] = mapped_column(BigInteger)
