"""The gateway's composition root, and the way of a request through it."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

from prometheus_client import Counter, Histogram
from starlette.types import Receive, Scope, Send

from chassis.auth import KeySource, TokenVerifier
from chassis.clock import Clock, system_clock
from chassis.errors import InternalError, MethodNotAllowed, NotFound, Problem
from chassis.http import new_client as new_bounded_client
from chassis.logging import get_logger
from chassis.verifying import verifier_of
from gateway import access, headers, proxy
from gateway.clients import UNKNOWN, ClientAddresses, limited_network
from gateway.composition import Composition
from gateway.config import Settings
from gateway.cors import Cors, is_preflight
from gateway.discovery import discovering
from gateway.exchange import Disconnected, Exchange
from gateway.limits import RateLimiter
from gateway.live import Listener, Live
from gateway.metrics import IN_FLIGHT, REQUESTS, SECONDS
from gateway.pages import Pages
from gateway.processes import Pool
from gateway.routes import PORTAL, RateClass, Route, Service, find_route, is_for_portal, is_known
from gateway.upstreams import Upstreams, new_client

log = get_logger(__name__)

Page = Callable[[Exchange], Awaitable[None]]


class Gateway:
    """The public ASGI application."""

    def __init__(
        self,
        settings: Settings,
        upstreams: Upstreams,
        verifier: TokenVerifier,
        limiter: RateLimiter,
        pages: Mapping[str, Page],
        live: Live,
    ) -> None:
        self.upstreams = upstreams
        self.live = live
        self._settings = settings
        self._verifier = verifier
        self._limiter = limiter
        self._pages = pages
        self._addresses = ClientAddresses(settings.trusted_networks, settings.portal_key)
        self._cors = Cors(settings.cors_origins)
        self._has_portal = Service.PORTAL in upstreams.pools
        self._composition = Composition(upstreams, settings.part_seconds)
        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._timed: dict[str, Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        exchange = Exchange(scope, receive, send)
        route = self._route(exchange)
        try:
            listener = await self._answer(exchange, route)
            if listener is not None:
                await self.live.stay(listener)
        except Problem as problem:
            await exchange.refuse(problem)
        except Disconnected:
            return
        except Exception as error:
            if exchange.status:
                raise
            log.error("gateway.request.failed", path=exchange.path, exc_info=error)
            await exchange.refuse(InternalError())
        finally:
            self._observe(exchange, route, time.perf_counter() - started)

    def _route(self, exchange: Exchange) -> Route | None:
        path = exchange.scope["raw_path"]
        route = find_route(exchange.method, path)
        if route is None and self._has_portal and exchange.path not in self._pages and is_for_portal(path):
            return PORTAL
        return route

    async def _answer(self, exchange: Exchange, route: Route | None) -> Listener | None:
        """Answers; or begins a stream and returns its listener, which stays when all else has been let go."""
        passed = headers.PORTAL_REQUEST if route is PORTAL else headers.REQUEST
        forwarded, exchange.noted = headers.read(exchange.scope["headers"], passed)
        trace, correlation = exchange.trace()
        allowed = self._cors.mark(exchange)
        if is_preflight(exchange):
            await self._cors.preflight(exchange, allowed=allowed)
            return None
        client = self._client(exchange)
        rate_class = route.rate_class_of(exchange.method) if route else RateClass.READ
        self._limiter.admit_address(rate_class, limited_network(client))
        if route is None:
            await self._own(exchange)
            return None
        principal = await access.admit(self._verifier, route, exchange.noted.get(b"authorization"))
        if principal is None:
            forwarded = [header for header in forwarded if header[0] != "authorization"]
        else:
            self._limiter.admit_subject(rate_class, principal.subject)
        forwarded.extend(
            (("x-client-address", client), ("x-correlation-id", correlation), ("traceparent", trace))
        )
        if route.live and principal is not None:
            call = proxy.call_for(exchange, route, forwarded, None)
            return await self.live.admit(exchange, call, principal)
        await self._forward(exchange, route, forwarded)
        return None

    async def _forward(self, exchange: Exchange, route: Route, forwarded: list[tuple[str, str]]) -> None:
        body = await exchange.body(route.body_bytes, self._settings.body_seconds)
        call = proxy.call_for(exchange, route, forwarded, body)
        if route.composed:
            await self._composition.answer(exchange, call, route.composed)
        elif route.streamed:
            await proxy.stream(exchange, self.upstreams, call)
        else:
            await proxy.pass_on(exchange, self.upstreams, call)

    async def _own(self, exchange: Exchange) -> None:
        page = self._pages.get(exchange.path)
        if page is None:
            raise MethodNotAllowed if is_known(exchange.scope["raw_path"]) else NotFound
        if exchange.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed
        await page(exchange)

    def _client(self, exchange: Exchange) -> str:
        peer = exchange.scope["client"]
        noted = exchange.noted
        address = peer[0] if peer else UNKNOWN
        return self._addresses.of(address, noted.get(b"x-forwarded-for"), noted.get(b"x-portal-key"))

    def _observe(self, exchange: Exchange, route: Route | None, seconds: float) -> None:
        pattern = route.pattern if route else "(own)"
        key = (pattern, exchange.method, exchange.status)
        counter = self._counted.get(key)
        if counter is None:
            rate_class = route.rate_class_of(exchange.method) if route else RateClass.READ
            counter = self._counted[key] = REQUESTS.labels(pattern, rate_class, exchange.status)
            self._timed[pattern] = SECONDS.labels(pattern)
        counter.inc()
        if route is None or not route.live:
            self._timed[pattern].observe(seconds)


@asynccontextmanager
async def opened(
    settings: Settings, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> AsyncIterator[Gateway]:
    """The gateway with its clients open; ``keys`` replace identity's published ones in tests."""
    async with new_client() as client, new_bounded_client(timeout=2) as key_client:
        pools = {
            service: Pool(
                service,
                urls,
                breaker_failures=settings.breaker_failures,
                breaker_seconds=settings.breaker_seconds,
            )
            for service, urls in settings.urls.items()
            if urls
        }
        for service, pool in pools.items():
            IN_FLIGHT.labels(service).set_function(partial(getattr, pool, "in_flight"))
        upstreams = Upstreams(client, pools, max_in_flight=settings.max_in_flight)
        verifier = verifier_of(settings, key_client, clock=clock, keys=keys)
        limiter = RateLimiter(
            settings.all_limits, factor=settings.limit_factor, remembered=settings.limited_clients
        )
        live = Live(
            upstreams,
            verifier,
            poll_seconds=settings.live_poll_seconds,
            heartbeat_seconds=settings.heartbeat_seconds,
            most=settings.max_listeners,
            most_of_a_person=settings.max_listeners_of_a_person,
        )
        pages = Pages(settings, upstreams).by_path
        async with verifier, discovering(pools, settings.urls, settings.discovery_seconds), live:
            yield Gateway(settings, upstreams, verifier, limiter, pages, live)
