"""The limits of the lanes, and what they have cost."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from notify.messages.domain import Lane
from notify.schema import Base
from notify.text_enum import TextEnum


class LaneLimits(Base):
    """Data, changed by staff; ``in_flight`` and ``per_second`` are those of each worker, amounts are Rial.

    When the money of a day is spent the bulk lane waits for the next one; what a person waits for is sent
    all the same, and alarms. ``warn_percent`` of it is worth a warning.
    """

    __tablename__ = "lane_limits"

    lane: Mapped[Lane] = mapped_column(TextEnum(Lane), primary_key=True)
    in_flight: Mapped[int]
    per_second: Mapped[int | None]
    rial_per_part: Mapped[int]
    daily_rial: Mapped[int | None] = mapped_column(BigInteger)
    warn_percent: Mapped[int]


class LaneSpending(Base):
    """What providers accepted on a day of Tehran, counted in SMS (``parts``), and what it cost."""

    __tablename__ = "lane_spending"

    lane: Mapped[Lane] = mapped_column(TextEnum(Lane), ForeignKey("lane_limits.lane"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    messages: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[int] = mapped_column(BigInteger)
    rial: Mapped[int] = mapped_column(BigInteger)
