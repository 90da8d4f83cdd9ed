"""Reading the order of the providers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from notify.routing.domain import Route
from notify.routing.tables import SmsProviderAccount, SmsRoute


async def orders(session: AsyncSession) -> Mapping[Route, Sequence[str]]:
    """The names of the providers of each route, the first choice first."""
    found: dict[Route, list[str]] = defaultdict(list)
    for row in await session.scalars(select(SmsRoute).order_by(SmsRoute.route, SmsRoute.position)):
        found[row.route].append(row.provider)
    return {route: found[route] for route in Route}


async def accounts(session: AsyncSession) -> Sequence[SmsProviderAccount]:
    return (await session.scalars(select(SmsProviderAccount).order_by(SmsProviderAccount.name))).all()
