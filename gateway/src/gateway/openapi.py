"""One OpenAPI document out of the services' own: what the public can reach, and nothing else."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from pyreqwest.exceptions import RequestError

from chassis.errors import Problem
from chassis.json import loads
from chassis.logging import get_logger
from gateway.openapi_merge import merge
from gateway.routes import Service
from gateway.upstreams import Call, Upstreams

log = get_logger(__name__)

OK = 200
PARTIAL_SECONDS = 5
TIMEOUT = timedelta(seconds=5)

Document = dict[str, Any]


class MergedDocument:
    """Fetched when it is first asked for and again after ``seconds``, sooner while a service is missing.

    Of a service that does not answer the last known document stays; one that never answered is named
    in ``x-unavailable-services``.
    """

    def __init__(
        self,
        upstreams: Upstreams,
        services: Iterable[Service],
        *,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._upstreams = upstreams
        self._services = tuple(services)
        self._seconds = seconds
        self._clock = clock
        self._known: dict[Service, Document] = {}
        self._merged: Document = {}
        self._stale_at = 0.0
        self._refreshing = asyncio.Lock()

    async def current(self) -> Document:
        async with self._refreshing:
            if not self._merged or self._clock() >= self._stale_at:
                await self._refresh()
        return self._merged

    async def _refresh(self) -> None:
        fetched = await asyncio.gather(*(self._fetch(service) for service in self._services))
        answered = {
            service: document
            for service, document in zip(self._services, fetched, strict=True)
            if document is not None
        }
        self._known |= answered
        self._merged = merge(self._known, missing=[s for s in self._services if s not in self._known])
        complete = len(answered) == len(self._services)
        self._stale_at = self._clock() + (self._seconds if complete else min(self._seconds, PARTIAL_SECONDS))

    async def _fetch(self, service: Service) -> Document | None:
        call = Call(service, "GET", "/openapi.json", [], None, TIMEOUT, repeatable=True)
        try:
            response = (await self._upstreams.ask(call)).response
            document = loads(bytes(await response.bytes())) if response.status == OK else None
        except (Problem, RequestError, ValueError) as error:
            log.warning("gateway.openapi.missing", upstream=service, error=type(error).__name__)
            return None
        return document if isinstance(document, dict) else None
