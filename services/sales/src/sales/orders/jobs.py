"""What sales does by the clock."""

from chassis.clock import Clock
from chassis.database import Database
from sales.orders import purchase


async def lapse_overdue(database: Database, clock: Clock) -> bool:
    """One batch; true when more may be waiting."""
    async with database.transaction() as session:
        return await purchase.lapse_overdue(session, clock()) == purchase.LAPSE_BATCH
