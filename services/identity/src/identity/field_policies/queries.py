"""The policy of now, with since when it is so."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.changes.tables import FieldPolicy


async def beginnings(session: AsyncSession, now: datetime) -> Mapping[str, datetime]:
    """By field, from when the row counts that counts ``now``."""
    begun = select(FieldPolicy.field, func.max(FieldPolicy.valid_from)).where(FieldPolicy.valid_from <= now)
    rows = await session.execute(begun.group_by(FieldPolicy.field))
    return {field: since for field, since in rows}  # noqa: C416 - dict() does not know the types of a row
