"""Changing the order of the providers, and noting what is left at them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.logging import get_logger
from notify.routing import domain, queries
from notify.routing.domain import Route
from notify.routing.tables import SmsProviderAccount, SmsRoute
from notify.trail import Actor

log = get_logger(__name__)


async def reorder(
    session: AsyncSession, route: Route, order: Sequence[str], connected: Collection[str], by: Actor
) -> None:
    """Workers go by it within a second; raises ``InvalidFields``."""
    domain.check(route, order, connected)
    await session.execute(text("LOCK TABLE sms_routes IN SHARE ROW EXCLUSIVE MODE"))
    before = (await queries.orders(session))[route]
    await session.execute(delete(SmsRoute).where(SmsRoute.route == route))
    session.add_all(
        SmsRoute(route=route, position=position, provider=name) for position, name in enumerate(order)
    )
    details = {"route": route, "before": list(before), "after": list(order)}
    await by.note(session, "sms_route.changed", details)
    log.info("notify.sms_route.changed", route=route, providers=list(order))


async def set_floor(session: AsyncSession, name: str, floor: int, by: Actor) -> SmsProviderAccount:
    """Raises ``NotFound``."""
    account = await session.get(SmsProviderAccount, name, with_for_update=True)
    if account is None:
        raise NotFound
    details = {"provider": name, "before": account.credit_floor, "after": floor}
    account.credit_floor = floor
    await by.note(session, "sms_provider.changed", details)
    log.info("notify.sms_provider.changed", provider=name)
    return account


async def note_credit(session: AsyncSession, name: str, credit: int, at: datetime) -> None:
    account = await session.get_one(SmsProviderAccount, name, with_for_update=True)
    account.credit, account.credit_at = credit, at
