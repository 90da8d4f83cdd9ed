"""Following an order without logging in, and not guessing one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import ASYNCHRONOUS_COMMIT
from sales.limits import MISSES_OF_A_NUMBER, MISSES_OF_AN_ADDRESS, refuse_spent, spend
from sales.orders.numbers import parse_number
from sales.orders.queries import OrderDetails
from sales.tracking import queries


async def track(
    session: AsyncSession, text: str, indexes: Sequence[str], address: str, now: datetime
) -> OrderDetails | None:
    """None for every miss, which counts against ``address`` (a keyed hash) and against the number.

    Raises ``TooManyRequests`` when either has missed too often. A hit writes nothing; a miss does not wait
    for the disk, so that a crash may forget the last of them. Guesses at one number that run at the same
    time, as many as there are connections, may go beyond its limit once.
    """
    number = parse_number(text)
    counts = (MISSES_OF_AN_ADDRESS, address), (MISSES_OF_A_NUMBER, number or queries.NO_NUMBER)
    await refuse_spent(session, now, *counts)
    found = await queries.find(session, number, indexes)
    if found is None:
        await session.execute(ASYNCHRONOUS_COMMIT)
        await spend(session, MISSES_OF_AN_ADDRESS, address, now)
        if number is not None:
            await spend(session, MISSES_OF_A_NUMBER, number, now)
    return found
