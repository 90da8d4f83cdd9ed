"""How often people may do what somebody could misuse."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis import quotas
from chassis.errors import TooManyRequests
from chassis.quotas import Quota
from sales.schema import Base

FILED_A_DAY = Quota("complaint.day", 10, timedelta(days=1))
ATTACHED_A_DAY = Quota("attachment.day", 50, timedelta(days=1))
ATTACHED_BY_CARE_A_DAY = Quota("attachment.care", 500, timedelta(days=1))
LOOKUPS_OF_A_COLLEAGUE = (
    Quota("desk.minutes", 60, timedelta(minutes=10)),
    Quota("desk.day", 600, timedelta(days=1)),
)
"""More than a desk needs, far less than a list of customers that somebody would carry away."""
MISSES_OF_AN_ADDRESS = Quota("tracking.address", 100, timedelta(minutes=10))
MISSES_OF_A_NUMBER = Quota("tracking.number", 10, timedelta(hours=1))
"""Only misses count: a thousand people behind one address may follow their orders."""


class QuotaUse(Base):
    """How much of a quota is used up in its present window."""

    __tablename__ = "quota_uses"

    name: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int]
    renews_at: Mapped[datetime] = mapped_column(index=True)


async def spend(
    session: AsyncSession,
    quota: Quota,
    key: str | UUID,
    now: datetime,
    *,
    refusal: type[TooManyRequests] = TooManyRequests,
) -> None:
    """Uses the quota once; raises ``refusal`` when nothing is left of it."""
    if not await quotas.spend(session, quota, str(key), now):
        raise refusal(await quotas.renewal(session, quota, str(key), now))


async def refuse_spent(session: AsyncSession, now: datetime, *counts: tuple[Quota, str]) -> None:
    """Raises ``TooManyRequests`` when nothing is left of one of them, and uses nothing."""
    seconds = await quotas.waiting(session, counts, now)
    if seconds:
        raise TooManyRequests(seconds)
