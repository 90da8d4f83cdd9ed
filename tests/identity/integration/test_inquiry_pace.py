"""Runs ask no faster because more workers do."""

from sqlalchemy import text

from chassis.service import Service
from identity.inquiries import pacing


async def take(service: Service, wanted: int, rate: float) -> int:
    """What one worker gets."""
    async with service.database.transaction() as session:
        got = min(wanted, await pacing.left(session, rate))
        await pacing.use(session, got)
    return got


async def arrange(service: Service, statement: str) -> None:
    async with service.database.transaction() as session:
        await session.execute(text(statement), {"name": pacing.NAME})


async def test_all_workers_together_have_one_pace(service: Service) -> None:
    await arrange(service, "DELETE FROM quota_uses WHERE name = :name")
    slow = 0.01  # of a window longer than the test
    assert [await take(service, 1, slow) for _ in range(3)] == [1, 0, 0]
    await arrange(service, "UPDATE quota_uses SET used = 2, renews_at = 'infinity' WHERE name = :name")
    assert [await take(service, 4, 7.0) for _ in range(3)] == [4, 1, 0]
    await arrange(service, "UPDATE quota_uses SET renews_at = now() WHERE name = :name")
    assert await take(service, 9, 7.0) == 7
