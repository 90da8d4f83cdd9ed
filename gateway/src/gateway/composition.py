"""Answers put together from several services; a part that cannot be had is null and named."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
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


class OrderPage:
    """``GET /api/v1/orders/{id}``: sales' order with its bills and messages.

    Sales decides whether there is an answer at all. ``partial`` names the members that are null
    because their service failed or needed more than ``part_seconds``.
    """

    def __init__(self, upstreams: Upstreams, part_seconds: float) -> None:
        self._upstreams = upstreams
        self._part_timeout = timedelta(seconds=part_seconds)

    async def answer(self, exchange: Exchange, call: Call) -> None:
        plain = replace(
            call, headers=[header for header in call.headers if header[0] not in WHOLE_ANSWER_ONLY]
        )
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
        returned = headers.returned(order.response.headers.items(), headers.RESPONSE, order.process.base)
        whole = [header for header in returned if header[0] not in {b"etag", b"last-modified"}]
        await exchange.respond(OK, whole, dumps(document))

    async def _part(self, name: str, part: Part, call: Call) -> list[Any] | None:
        try:
            order_id = quote(unquote(call.target.partition("?")[0].rsplit("/", 1)[-1]), safe="")
            target = f"{part.path}?order_id={order_id}"
            answer = await self._upstreams.ask(
                replace(call, service=part.service, method="GET", target=target, timeout=self._part_timeout)
            )
            if answer.response.status == OK:
                items: list[Any] = loads(bytes(await answer.response.bytes()))["items"]
                return items
            reason = str(answer.response.status)
        except (Problem, RequestError, ValueError, KeyError, TypeError) as error:
            reason = type(error).__name__
        log.warning("gateway.part.missing", part=name, reason=reason)
        PARTIAL.labels(name).inc()
        return None
