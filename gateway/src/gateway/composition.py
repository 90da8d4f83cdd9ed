"""Answers put together from several services; a part that cannot be had is null and named."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import itemgetter
from typing import Any
from urllib.parse import quote, unquote

from pyreqwest.exceptions import RequestError

from chassis.errors import Problem
from chassis.json import dumps, loads
from chassis.logging import get_logger
from gateway import headers
from gateway.exchange import Exchange
from gateway.metrics import PARTIAL
from gateway.proxy import relay
from gateway.routes import Composed, Service
from gateway.upstreams import Answer, Call, Upstreams

log = get_logger(__name__)

OK = 200
WHOLE_ANSWER_ONLY = frozenset({"if-match", "if-none-match", "if-modified-since", "range"})


PAGE = 50
"""Entries of the access log that are shown at once, as in each service."""
Document = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A member that another service fills: the ``items`` of its list for one order."""

    service: Service
    path: str


ORDER_PARTS: Mapping[str, Part] = {
    "bills": Part(Service.PAYMENT, "/api/v1/bills"),
    "messages": Part(Service.NOTIFY, "/api/v1/messages"),
}


@dataclass(frozen=True)
class Page:
    items: list[Any]
    next_cursor: str | None


Parts = Mapping[str, Page | None]


@dataclass(frozen=True)
class Recipe:
    """``parts`` are the requests for them, by name; ``put_together`` gives the members of the whole that they
    make."""

    parts: Callable[[Call], Mapping[str, Call]]
    put_together: Callable[[Document, Parts], Document]


def _of_order(call: Call) -> Mapping[str, Call]:
    order_id = quote(unquote(call.target.partition("?")[0].rsplit("/", 1)[-1]), safe="")
    return {
        name: replace(call, service=part.service, target=f"{part.path}?order_id={order_id}")
        for name, part in ORDER_PARTS.items()
    }


def _members(_: Document, parts: Parts) -> Document:
    return {name: page.items if page else None for name, page in parts.items()}


def _of_trails(call: Call) -> Mapping[str, Call]:
    services = (Service.SALES, Service.PAYMENT, Service.NOTIFY)
    return {str(service): replace(call, service=service) for service in services}


def _merged(document: Document, parts: Parts) -> Document:
    """One page of several, in the order of the ids, which is that of time."""
    pages = [Page(document["items"], document["next_cursor"]), *(page for page in parts.values() if page)]
    items = sorted((item for page in pages for item in page.items), key=itemgetter("access_id"), reverse=True)
    is_last = len(items) <= PAGE and all(page.next_cursor is None for page in pages)
    return {"items": items[:PAGE], "next_cursor": None if is_last else items[:PAGE][-1]["access_id"]}


RECIPES: Mapping[Composed, Recipe] = {
    Composed.ORDER_PAGE: Recipe(_of_order, _members),
    Composed.ACCESS_LOG: Recipe(_of_trails, _merged),
}
"""Sales' order with its bills and messages; what all services' trails say of the caller, newest first."""


class Composition:
    """The answer of the service that the route leads to, with parts of others.

    That service decides whether there is an answer at all. ``partial`` names the parts that are missing
    because their service failed or needed more than ``part_seconds``.
    """

    def __init__(self, upstreams: Upstreams, part_seconds: float) -> None:
        self._upstreams = upstreams
        self._part_timeout = timedelta(seconds=part_seconds)

    async def answer(self, exchange: Exchange, call: Call, composed: Composed) -> None:
        recipe, plain = RECIPES[composed], without_conditions(call)
        tasks = {
            name: asyncio.create_task(self._part(name, asked)) for name, asked in recipe.parts(plain).items()
        }
        try:
            own = await self._upstreams.ask(plain)
            if own.response.status != OK or exchange.method == "HEAD":
                await relay(exchange, own)
                return
            parts = {name: await task for name, task in tasks.items()}
        finally:
            for task in tasks.values():
                task.cancel()
        document = loads(bytes(await own.response.bytes()))
        document |= recipe.put_together(document, parts)
        document["partial"] = [name for name, page in parts.items() if page is None]
        await exchange.respond(OK, returned_by(own), dumps(document))

    async def _part(self, name: str, call: Call) -> Page | None:
        """None, noted under the ``name``, when the service has no page."""
        try:
            answer = await self._upstreams.ask(replace(call, method="GET", timeout=self._part_timeout))
            if answer.response.status == OK:
                page = loads(bytes(await answer.response.bytes()))
                return Page([*page["items"]], page.get("next_cursor"))
            reason = str(answer.response.status)
        except (Problem, RequestError, ValueError, KeyError, TypeError, AttributeError) as error:
            reason = type(error).__name__
        log.warning("gateway.part.missing", part=name, reason=reason)
        PARTIAL.labels(name).inc()
        return None


def without_conditions(call: Call) -> Call:
    return replace(call, headers=[header for header in call.headers if header[0] not in WHOLE_ANSWER_ONLY])


def returned_by(answer: Answer) -> list[tuple[bytes, bytes]]:
    """The headers of a part that are true of the whole."""
    returned = headers.returned(answer.response.headers.items(), headers.RESPONSE, answer.process.base)
    return [header for header in returned if header[0] not in {b"etag", b"last-modified"}]
