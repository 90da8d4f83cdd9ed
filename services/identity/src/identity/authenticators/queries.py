"""Whether somebody has an authenticator app."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.authenticators.tables import Authenticator, StoredRecoveryCode


class Status(BaseModel):
    """``recovery_codes_left`` counts those that are unused."""

    enrolled: bool
    enrolled_at: datetime | None
    recovery_codes_left: int


async def status_of(session: AsyncSession, customer_id: UUID) -> Status:
    confirmed_at = await session.scalar(
        select(Authenticator.confirmed_at).where(Authenticator.customer_id == customer_id)
    )
    unused = select(func.count()).where(
        StoredRecoveryCode.customer_id == customer_id, StoredRecoveryCode.used_at.is_(None)
    )
    return Status(
        enrolled=confirmed_at is not None,
        enrolled_at=confirmed_at,
        recovery_codes_left=await session.scalar(unused) or 0,
    )
