"""Answers put together from several services; a part that cannot be had is null and named."""

import asyncio
from collections.abc import Mapping, Sequence
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
from gateway.routes import Service
from gateway.upstreams import Answer, Call, Upstreams

log = get_logger(__name__)

OK = 200
WHOLE_ANSWER_ONLY = frozenset({"if-match", "if-none-match", "if-modified-since", "range"})


@dataclass(frozen=True)
class Part:
    """A member that another service fills: the ``items`` of its list for one order."""

    service: Service
    path: str


ORDER_PARTS: Mapping[str, Part] = {
    "bills": Part(Service.PAYMENT, "/api/v1/bills"),
    "messages": Part(Service.NOTIFY, "/api/v1/messages"),
}


LOGGING_BESIDES = (Service.SALES, Service.PAYMENT, Service.NOTIFY)
"""The services besides identity in whose trails a person appears."""
PAGE = 50


@dataclass(frozen=True)
class Page:
    items: list[Any]
    next_cursor: str | None


class OrderPage:
    """``GET /api/v1/orders/{id}``: sales' order with its bills and messages.

    Sales decides whether there is an answer at all. ``partial`` names the members that are null
    because their service failed or needed more than ``part_seconds``.
    """

    def __init__(self, upstreams: Upstreams, part_seconds: float) -> None:
        self._upstreams = upstreams
        self._part_timeout = timedelta(seconds=part_seconds)

    async def answer(self, exchange: Exchange, call: Call) -> None:
        plain = without_conditions(call)
        parts = {
            name: asyncio.create_task(self._part(name, part, plain)) for name, part in ORDER_PARTS.items()
        }
        try:
            order = await self._upstreams.ask(plain)
            if order.response.status != OK or exchange.method == "HEAD":
                await relay(exchange, order)
                return
            members = {name: await task for name, task in parts.items()}
        finally:
            for task in parts.values():
                task.cancel()
        await self._compose(exchange, order, members)

    async def _compose(self, exchange: Exchange, order: Answer, members: dict[str, Any]) -> None:
        document = loads(bytes(await order.response.bytes()))
        document |= members
        document["partial"] = [name for name, value in members.items() if value is None]
        await exchange.respond(OK, returned_by(order), dumps(document))

    async def _part(self, name: str, part: Part, call: Call) -> list[Any] | None:
        order_id = quote(unquote(call.target.partition("?")[0].rsplit("/", 1)[-1]), safe="")
        target = f"{part.path}?order_id={order_id}"
        asked = replace(call, service=part.service, method="GET", target=target, timeout=self._part_timeout)
        page = await part_of(self._upstreams, name, asked)
        return page.items if page else None


class AccessLog:
    """``GET /api/v1/me/access-log``: what the trails of all services say of the caller, newest first.

    Identity decides whether there is an answer at all; ``partial`` names the services whose part is missing.
    """

    def __init__(self, upstreams: Upstreams, part_seconds: float) -> None:
        self._upstreams = upstreams
        self._part_timeout = timedelta(seconds=part_seconds)

    async def answer(self, exchange: Exchange, call: Call) -> None:
        plain = without_conditions(call)
        parts = {
            str(service): asyncio.create_task(
                part_of(self._upstreams, str(service), self._asked(plain, service))
            )
            for service in LOGGING_BESIDES
        }
        try:
            own = await self._upstreams.ask(plain)
            if own.response.status != OK or exchange.method == "HEAD":
                await relay(exchange, own)
                return
            pages = {name: await task for name, task in parts.items()}
        finally:
            for task in parts.values():
                task.cancel()
        document = loads(bytes(await own.response.bytes()))
        first = Page(document["items"], document["next_cursor"])
        document |= _merged([first, *(page for page in pages.values() if page)])
        document["partial"] = [name for name, page in pages.items() if page is None]
        await exchange.respond(OK, returned_by(own), dumps(document))

    def _asked(self, call: Call, service: Service) -> Call:
        return replace(call, service=service, timeout=self._part_timeout)


def _merged(pages: Sequence[Page]) -> dict[str, Any]:
    """One page of several, in the order of the ids, which is that of time."""
    items = sorted((item for page in pages for item in page.items), key=itemgetter("access_id"), reverse=True)
    is_last = len(items) <= PAGE and all(page.next_cursor is None for page in pages)
    return {"items": items[:PAGE], "next_cursor": None if is_last else items[:PAGE][-1]["access_id"]}


def without_conditions(call: Call) -> Call:
    return replace(call, headers=[header for header in call.headers if header[0] not in WHOLE_ANSWER_ONLY])


def returned_by(answer: Answer) -> list[tuple[bytes, bytes]]:
    """The headers of a part that are true of the whole."""
    returned = headers.returned(answer.response.headers.items(), headers.RESPONSE, answer.process.base)
    return [header for header in returned if header[0] not in {b"etag", b"last-modified"}]


async def part_of(upstreams: Upstreams, name: str, call: Call) -> Page | None:
    """What a service has for a composed answer; None, noted under the ``name``, when it has no page."""
    try:
        answer = await upstreams.ask(call)
        if answer.response.status == OK:
            page = loads(bytes(await answer.response.bytes()))
            return Page([*page["items"]], page.get("next_cursor"))
        reason = str(answer.response.status)
    except (Problem, RequestError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = type(error).__name__
    log.warning("gateway.part.missing", part=name, reason=reason)
    PARTIAL.labels(name).inc()
    return None
