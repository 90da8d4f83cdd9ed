"""Reads of the directory of dealerships."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from iran import Province, matching_key, tehran_date
from sales.dealerships.tables import Dealership, OfficeHours

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


async def all_of_them(session: AsyncSession) -> list[Dealership]:
    """By code."""
    return list(await session.scalars(select(Dealership).order_by(Dealership.code)))


async def locked(session: AsyncSession, dealership_id: UUID) -> Dealership:
    """Raises ``NotFound``."""
    found = await session.get(Dealership, dealership_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


async def office(session: AsyncSession, now: datetime) -> OfficeHours:
    """The hours that hold today."""
    query = select(OfficeHours).where(OfficeHours.valid_from <= tehran_date(now))
    return (await session.scalars(query.order_by(OfficeHours.valid_from.desc()).limit(1))).one()
