"""The public directory of dealerships."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.service import Db
from iran import Province
from sales.dealerships import queries
from sales.dealerships.tables import Dealership

router = APIRouter(tags=["dealerships"])
SearchText = Annotated[str | None, Query(min_length=1, max_length=60)]


class Position(BaseModel):
    """WGS 84 degrees."""

    latitude: float
    longitude: float


class DealershipView(BaseModel):
    dealership_id: UUID
    code: str
    name: str
    province: str
    city: str
    address: str
    phone: str
    hours: str
    position: Position | None

    @classmethod
    def of(cls, row: Dealership) -> "DealershipView":
        located = row.latitude is not None and row.longitude is not None
        return cls(
            dealership_id=row.id,
            code=row.code,
            name=row.name,
            province=row.province,
            city=row.city,
            address=row.address,
            phone=row.phone,
            hours=row.hours,
            position=Position(latitude=row.latitude, longitude=row.longitude) if located else None,
        )


class DealershipList(BaseModel):
    items: list[DealershipView]
    next_cursor: str | None = None


@router.get("/dealerships", summary="Search the dealerships")
async def list_dealerships(
    db: Db, province: Province | None = None, city: SearchText = None, q: SearchText = None
) -> DealershipList:
    async with db.transaction() as session:
        rows = await queries.search(session, province, city, q)
    return DealershipList(items=[DealershipView.of(row) for row in rows])
