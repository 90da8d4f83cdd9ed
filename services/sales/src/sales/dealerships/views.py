"""How a dealership looks to the public and to staff."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from iran import WorkingCalendar
from sales.dealerships.hours import Week, opening
from sales.dealerships.tables import Dealership

WEEK = TypeAdapter(Week)
PLAIN = ("code", "name", "province", "city", "address", "phone", "hours")


class Position(BaseModel):
    """WGS 84 degrees."""

    latitude: float
    longitude: float


class DealershipView(BaseModel):
    """``hours`` is for people, ``weekly_hours`` the same for programs; empty when they are not known."""

    dealership_id: UUID
    code: str
    name: str
    province: str
    city: str
    address: str
    phone: str
    hours: str
    weekly_hours: Week
    open_now: bool | None
    open_until: datetime | None
    next_opening: datetime | None
    position: Position | None

    @classmethod
    def of(cls, row: Dealership, now: datetime, calendar: WorkingCalendar) -> Self:
        return cls(**_shown(row, now, calendar))


class StaffDealershipView(DealershipView):
    active: bool

    @classmethod
    def of_row(cls, row: Dealership, now: datetime, calendar: WorkingCalendar) -> Self:
        return cls(**_shown(row, now, calendar), active=row.active)


def _shown(row: Dealership, now: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    week = WEEK.validate_python(row.weekly_hours)
    state = opening(week, calendar, now)
    located = row.latitude is not None and row.longitude is not None
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "dealership_id": row.id,
        "weekly_hours": week,
        "open_now": state.open_now,
        "open_until": state.until,
        "next_opening": state.next_opening,
        "position": Position(latitude=row.latitude, longitude=row.longitude) if located else None,
    }
