"""Following an order without logging in, and not guessing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from sales.invitations import queries as invitations
from sales.limits import MISSES_OF_A_NUMBER, MISSES_OF_AN_ADDRESS, refuse_spent, spend
from sales.orders.numbers import parse_number
from sales.orders.queries import OrderDetails
from sales.tracking import queries


@dataclass(frozen=True)
class Tracked:
    """An order and its latest invitation."""

    details: OrderDetails
    invitation_number: str | None


async def track(
    session: AsyncSession, text: str, indexes: Sequence[str], address: str, now: datetime
) -> Tracked | None:
    """None for every miss, which counts against ``address`` (a keyed hash) and against the number.

    Raises ``TooManyRequests`` when either has missed too often. A hit writes nothing; guesses at one number
    that run at the same time, as many as there are connections, may go beyond its limit once.
    """
    number = parse_number(text)
    of_number = number or queries.NO_NUMBER
    await refuse_spent(session, MISSES_OF_AN_ADDRESS, address, now)
    await refuse_spent(session, MISSES_OF_A_NUMBER, of_number, now)
    found = await queries.find(session, number, indexes)
    if found is None:
        await spend(session, MISSES_OF_AN_ADDRESS, address, now)
        if number is not None:
            await spend(session, MISSES_OF_A_NUMBER, number, now)
        return None
    invitation = await invitations.latest(session, found.order.id)
    return Tracked(found, invitation.number if invitation else None)
