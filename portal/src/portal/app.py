"""The portal's composition root."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.types import ASGIApp

import portal.pages.account.devices
import portal.pages.account.overview
import portal.pages.account.second_factor
import portal.pages.account.secrets
import portal.pages.dealerships.routes
import portal.pages.design.routes
import portal.pages.desk.routes
import portal.pages.desk_articles.routes
import portal.pages.desk_books.blocked
import portal.pages.desk_books.deposits
import portal.pages.desk_books.ledger
import portal.pages.desk_books.provider_days
import portal.pages.desk_customers.inquiries
import portal.pages.desk_customers.people
import portal.pages.desk_customers.sent
import portal.pages.desk_dealerships.routes
import portal.pages.desk_files.routes
import portal.pages.desk_money.differences
import portal.pages.desk_money.providers
import portal.pages.desk_money.refunds
import portal.pages.desk_money.trails
import portal.pages.desk_orders.deliveries
import portal.pages.desk_orders.draws
import portal.pages.desk_orders.lookup
import portal.pages.desk_orders.transfers
import portal.pages.desk_orders.voiding
import portal.pages.desk_people.approvals
import portal.pages.desk_people.complaints
import portal.pages.desk_people.messages
import portal.pages.desk_people.runs
import portal.pages.desk_plans.buyers
import portal.pages.desk_plans.contract_words
import portal.pages.desk_plans.invitations
import portal.pages.desk_plans.prices
import portal.pages.desk_plans.routes
import portal.pages.desk_plans.rule_sets
import portal.pages.desk_reports.routes
import portal.pages.desk_rules.routes
import portal.pages.desk_staff.invitations
import portal.pages.desk_staff.members
import portal.pages.draws.routes
import portal.pages.entry.login
import portal.pages.entry.recovery
import portal.pages.entry.registration
import portal.pages.home.routes
import portal.pages.information.routes
import portal.pages.orders.deeds
import portal.pages.orders.following
import portal.pages.orders.placing
import portal.pages.payments.bills
import portal.pages.payments.returning
import portal.pages.payments.status
import portal.pages.plans.routes
import portal.pages.tracking.routes
import portal.pages.voice.routes
from chassis.clock import Clock, system_clock
from chassis.crypto import Keyring
from chassis.health import health_router
from chassis.middleware import BodyLimit, Telemetry
from portal import failures
from portal.assets import Assets
from portal.config import Settings
from portal.gateway import Gateway
from portal.middleware import AssetsFirst, CookiesLast
from portal.page_cache import PageCache
from portal.rendering import Renderer
from portal.session import Refreshing
from portal.site import Site
from portal.visit import visit_of

MAX_BODY_BYTES = 1_000_000
BODY_LIMITS: Mapping[str, int] = {
    **portal.pages.voice.routes.BODY_LIMITS,
    **portal.pages.desk_people.complaints.BODY_LIMITS,
    **portal.pages.desk_people.runs.BODY_LIMITS,
    **portal.pages.desk_files.routes.BODY_LIMITS,
}
"""Bytes that single paths take, by path, in which ``*`` stands for one segment."""

ROUTERS: tuple[APIRouter, ...] = (
    portal.pages.home.routes.router,
    portal.pages.entry.login.router,
    portal.pages.entry.registration.router,
    portal.pages.entry.recovery.router,
    portal.pages.account.overview.router,
    portal.pages.account.secrets.router,
    portal.pages.account.second_factor.router,
    portal.pages.account.devices.router,
    portal.pages.information.routes.router,
    portal.pages.design.routes.router,
    portal.pages.desk.routes.router,
    portal.pages.desk_customers.people.router,
    portal.pages.desk_customers.inquiries.router,
    portal.pages.desk_customers.sent.router,
    portal.pages.desk_staff.members.router,
    portal.pages.desk_staff.invitations.router,
    portal.pages.desk_books.blocked.router,
    portal.pages.desk_books.deposits.router,
    portal.pages.desk_books.ledger.router,
    portal.pages.desk_books.provider_days.router,
    portal.pages.desk_articles.routes.router,
    portal.pages.desk_dealerships.routes.router,
    portal.pages.desk_reports.routes.router,
    portal.pages.desk_files.routes.router,
    portal.pages.desk_rules.routes.router,
    portal.pages.desk_people.approvals.router,
    portal.pages.desk_people.complaints.router,
    portal.pages.desk_people.messages.router,
    portal.pages.desk_people.runs.router,
    portal.pages.desk_plans.routes.router,
    portal.pages.desk_plans.rule_sets.router,
    portal.pages.desk_plans.contract_words.router,
    portal.pages.desk_plans.prices.router,
    portal.pages.desk_plans.invitations.router,
    portal.pages.desk_plans.buyers.router,
    portal.pages.desk_orders.lookup.router,
    portal.pages.desk_orders.draws.router,
    portal.pages.desk_orders.deliveries.router,
    portal.pages.desk_orders.transfers.router,
    portal.pages.desk_orders.voiding.router,
    portal.pages.desk_money.refunds.router,
    portal.pages.desk_money.differences.router,
    portal.pages.desk_money.providers.router,
    portal.pages.desk_money.trails.router,
    portal.pages.plans.routes.router,
    portal.pages.orders.placing.router,
    portal.pages.orders.following.router,
    portal.pages.orders.deeds.router,
    portal.pages.payments.status.router,
    portal.pages.payments.bills.router,
    portal.pages.payments.returning.router,
    portal.pages.tracking.routes.router,
    portal.pages.draws.routes.router,
    portal.pages.dealerships.routes.router,
    portal.pages.voice.routes.router,
)


@asynccontextmanager
async def opened(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[ASGIApp]:
    """The application with its client of the gateway open."""
    gateway = Gateway.opened(settings)
    async with gateway.client:
        yield create_app(settings, gateway, clock)


def create_app(settings: Settings, gateway: Gateway, clock: Clock = system_clock) -> ASGIApp:
    """Every route reads its forms through ``visit_of``: none can forget to check where they come from."""
    assets = Assets()
    keyring = Keyring.parse(settings.session_keys)
    app = FastAPI(openapi_url=None)
    app.state.site = Site(gateway, Renderer(assets), keyring, Refreshing(clock), clock)
    failures.install(app)
    app.include_router(health_router({}, {}))
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(visit_of)])
    limited = BodyLimit(CookiesLast(app), limit=MAX_BODY_BYTES, others=BODY_LIMITS)
    cached = PageCache(limited, clock, seconds=settings.page_seconds, stale_seconds=settings.stale_seconds)
    return Telemetry(AssetsFirst(cached, assets), "portal")
