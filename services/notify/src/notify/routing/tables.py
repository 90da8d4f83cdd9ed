"""The order of the providers, and what is left at each."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from notify.routing.domain import Route
from notify.schema import Base
from notify.text_enum import TextEnum


class SmsProviderAccount(Base):
    """Ours at a provider. Less ``credit`` than ``credit_floor`` alarms; both are in the unit in which the
    provider counts. ``credit`` is what it said at ``credit_at``.
    """

    __tablename__ = "sms_providers"

    name: Mapped[str] = mapped_column(primary_key=True)
    credit_floor: Mapped[int] = mapped_column(BigInteger)
    credit: Mapped[int | None] = mapped_column(BigInteger)
    credit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SmsRoute(Base):
    """The provider that is asked at ``position`` (from 0) of a route."""

    __tablename__ = "sms_routes"
    __table_args__ = (UniqueConstraint("route", "provider", name="sms_routes_once"),)

    route: Mapped[Route] = mapped_column(TextEnum(Route), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("sms_providers.name"))
