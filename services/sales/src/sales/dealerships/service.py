"""Keeping the directory of dealerships."""

from collections.abc import Sequence

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from iran import Province, matching_key
from sales.dealerships.tables import Dealership


class DealershipRecord(BaseModel):
    """One row of the directory; ``code`` identifies it."""

    code: str
    name: str
    province: Province
    city: str
    address: str
    phone: str
    hours: str
    latitude: float | None = None
    longitude: float | None = None


async def register(session: AsyncSession, records: Sequence[DealershipRecord]) -> None:
    """Adds the dealerships that are new and replaces what changed of the known ones."""
    rows = [
        {
            **record.model_dump(mode="json"),
            "id": uuid7(),
            "active": True,
            "search_key": matching_key(f"{record.name} {record.city}"),
        }
        for record in records
    ]
    statement = insert(Dealership)
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in {"id", "code"}}
    await session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=replaced), rows)
