"""What surrounds every request, as pure ASGI: trace, correlation id, metrics, a limit on the body."""

import re
import time
from collections.abc import Mapping
from types import MappingProxyType

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import telemetry
from chassis.errors import BodyTooLarge
from chassis.problems import answer

REQUESTS = Counter("http_requests_total", "Requests answered", ["service", "method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds",
    "Time to the end of the answer",
    ["service", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Telemetry:
    """Puts the request's trace and correlation id where logs, outbox and clients find them."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace = telemetry.child_of(headers.get("traceparent"))
        correlation = telemetry.accepted_correlation_id(headers.get("x-correlation-id"), trace)
        telemetry.traceparent.set(trace)
        telemetry.correlation_id.set(correlation)
        started = time.perf_counter()
        status = 500

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-correlation-id"] = correlation
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        finally:
            self._observe(scope, status, time.perf_counter() - started)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "(none)")
        REQUESTS.labels(self._service, scope["method"], route, status).inc()
        SECONDS.labels(self._service, scope["method"], route).observe(seconds)


class BodyLimit:
    """Refuses a body of more than ``limit`` bytes, announced or not, with 413.

    ``others`` are the limits of single paths, in which ``*`` stands for one segment.
    """

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int] = MappingProxyType({})) -> None:
        self._app = app
        self._limit = limit
        self._others = [(_pattern(path), other) for path, other in others.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await answer(BodyTooLarge(), headers.get("accept-language"))(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(BodyTooLarge.status)
            return message

        await self._app(scope, receive_counted, send)

    def _limit_of(self, path: str) -> int:
        return next((other for pattern, other in self._others if pattern.fullmatch(path)), self._limit)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\*", "[^/]+"))
