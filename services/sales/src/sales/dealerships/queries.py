"""Reads of the directory of dealerships."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from iran import Province, matching_key
from sales.dealerships.tables import Dealership

PAGE = 500


async def search(
    session: AsyncSession, province: Province | None, city: str | None, words: str | None
) -> list[Dealership]:
    """The active dealerships that satisfy every given condition, by province, city and name."""
    query = select(Dealership).where(Dealership.active)
    if province is not None:
        query = query.where(Dealership.province == province.value)
    for text in (city, words):
        if text:
            query = query.where(Dealership.search_key.contains(matching_key(text), autoescape=True))
    query = query.order_by(Dealership.province, Dealership.city, Dealership.name).limit(PAGE)
    return list(await session.scalars(query))
